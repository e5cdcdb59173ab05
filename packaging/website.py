#!/usr/bin/env python3
"""Builds the website from the documents, with the playground if that is built, and checks every link in it.

Usage: packaging/website.py [DIR]     (default: target/website/site)

zensical makes the pages. It is installed into an environment below target/ where it is missing; where it cannot be
installed, nothing is built, and the script ends with code 3. No link to another host is followed.
"""

import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "target" / "website"
PLAYGROUND = ROOT / "target" / "playground"
ZENSICAL = "zensical>=0.0.70,<0.1"
# Where a document of the repository is on the website; what is not listed here is not on it.
PAGES = {
    "README.md": "index.md",
    **{name: name for name in ("CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "LICENSE-MIT", "LICENSE-APACHE")},
    **{f"docs/{path.name}": path.name for path in sorted((ROOT / "docs").iterdir()) if path.is_file()},
}
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")


def generator():
    """The command that makes pages."""
    installed = shutil.which("zensical")
    own = ROOT / "target" / "zensical"
    made = own / "bin" / "zensical"
    if installed or made.exists():
        return installed or str(made)
    commands = ([sys.executable, "-m", "venv", str(own)], [str(own / "bin" / "python"), "-m", "pip", "install", "--quiet", ZENSICAL])
    if any(subprocess.run(command, check=False).returncode for command in commands):
        print("skipped: the website: zensical cannot be installed")
        sys.exit(3)
    return str(made)


def on_the_website(source, text):
    """The text of a document with links to where the documents are on the website."""

    def moved(match):
        mark, label, target = match.groups()
        address, anchor = urldefrag(target)
        if not address or urlsplit(address).scheme:
            return match.group(0)
        path = os.path.relpath(os.path.normpath(ROOT / Path(source).parent / address), ROOT)
        if path == "docs/playground":
            # Without WebAssembly on this machine, the website has no playground.
            return f"[{label}](playground/index.html)" if PLAYGROUND.exists() else label
        if path not in PAGES:
            # What is only in the repository is named and not linked.
            if not (ROOT / path).exists():
                sys.exit(f"error: {source} links to {target}, which does not exist")
            return label
        return f"{mark}[{label}]({PAGES[path]}{'#' + anchor if anchor else ''})"

    parts = re.split(r"(^```.*?^```$)", text, flags=re.MULTILINE | re.DOTALL)
    return "".join(part if part.startswith("```") else LINK.sub(moved, part) for part in parts)


def collect(pages):
    """Everything that the website is made of."""
    shutil.rmtree(WORK, ignore_errors=True)
    pages.mkdir(parents=True)
    settings = (ROOT / "packaging" / "website.toml").read_text(encoding="utf-8")
    if not PLAYGROUND.exists():
        settings = "".join(line for line in settings.splitlines(keepends=True) if '"playground/' not in line)
    (WORK / "zensical.toml").write_text(settings, encoding="utf-8")
    for source, name in PAGES.items():
        if source.endswith(".md"):
            text = (ROOT / source).read_text(encoding="utf-8")
            (pages / name).write_text(on_the_website(source, text), encoding="utf-8")
        else:
            shutil.copyfile(ROOT / source, pages / name)
    if PLAYGROUND.exists():
        shutil.copytree(PLAYGROUND, pages / "playground")
    else:
        print("skipped: the playground on the website: packaging/playground.sh has not built it")


class Page(HTMLParser):
    """The links and anchors of a page, and the hosts that it fetches something from."""

    def __init__(self, text):
        super().__init__()
        self.links, self.anchors, self.fetched = [], set(), []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.anchors.update(attributes[name] for name in ("id", "name") if attributes.get(name))
        for name in ("href", "src"):
            address = attributes.get(name)
            if address is None or address.startswith("data:"):
                continue
            self.links.append(address)
            if urlsplit(address).netloc and tag not in ("a",) and attributes.get("rel") != "canonical":
                self.fetched.append(address)


def broken(site):
    """What is wrong with the links of the website."""
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    for path, page in pages.items():
        where = path.relative_to(site)
        yield from (f"{where} fetches {address}" for address in page.fetched)
        # The page for wrong addresses is shown at any of them, so that its links are those of no directory.
        for link in () if path.name == "404.html" else page.links:
            address, anchor = urldefrag(link)
            if urlsplit(address).scheme or urlsplit(address).netloc:
                continue
            target = (path.parent / unquote(urlsplit(address).path)).resolve() if address else path
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                yield f"{where} links to {link}, which does not exist"
            elif anchor and target in pages and unquote(anchor) not in pages[target].anchors:
                yield f"{where} links to {link}, which has no such anchor"


def main():
    if len(sys.argv) > 2:
        sys.exit(__doc__)
    command = generator()
    collect(WORK / "pages")
    site = WORK / "site"
    built = subprocess.run([command, "build", "--strict", "--config-file", "zensical.toml"], cwd=WORK, check=False)
    if built.returncode:
        sys.exit("error: the website cannot be built")
    problems = sorted(set(broken(site)))
    if problems:
        sys.exit("\n".join(["error: the website has broken links", *problems]))
    if len(sys.argv) == 2:
        shutil.copytree(site, sys.argv[1], dirs_exist_ok=True)
        site = Path(sys.argv[1])
    print(f"built: {site}, {sum(1 for _ in site.rglob('*.html'))} pages")


if __name__ == "__main__":
    main()
