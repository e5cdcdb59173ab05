"""Archives of the package index: found or downloaded, and known by their sums alone. Nothing in them is run here."""

import hashlib
import html.parser
import os
import shutil
import sys
import urllib.parse
import urllib.request


class Links(html.parser.HTMLParser):
    """The links of a page of the index."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        if tag == "a":
            self.found.append(dict(attributes).get("href", ""))


def index():
    """The package index that pip uses."""
    if os.environ.get("PIP_INDEX_URL"):
        return os.environ["PIP_INDEX_URL"]
    from pip._internal.models.index import PyPI

    return PyPI.simple_url


def fetch(project, sums, directory):
    """Downloads the archives of a project that have these sums."""
    page = index().rstrip("/") + "/" + project + "/"
    links = Links()
    with urllib.request.urlopen(page) as answer:
        links.feed(answer.read().decode())
    for link in links.found:
        address, _, fragment = urllib.parse.urljoin(page, link).partition("#")
        if fragment.partition("=")[2] in sums:
            with (
                urllib.request.urlopen(address) as answer,
                open(os.path.join(directory, address.rsplit("/", 1)[1]), "wb") as file,
            ):
                shutil.copyfileobj(answer, file)


def known(directory):
    """The archives in a directory by their sums."""
    found = {}
    for name in sorted(os.listdir(directory)):
        path = os.path.join(directory, name)
        if os.path.isfile(path):
            with open(path, "rb") as file:
                found[hashlib.sha256(file.read()).hexdigest()] = path
    return found


def archives(wanted, directory):
    """The paths of archives by their sums. `wanted` are pairs of a project and the sum of one of its archives."""
    os.makedirs(directory, exist_ok=True)
    found = known(directory)
    missing = {}
    for project, digest in wanted:
        if digest not in found:
            missing.setdefault(project, set()).add(digest)
    for project, sums in missing.items():
        fetch(project, sums, directory)
    if missing:
        found = known(directory)
    for project, digest in wanted:
        if digest not in found:
            sys.exit("missing: %s with the pinned sum %s" % (project, digest))
    return {digest: found[digest] for _, digest in wanted}
