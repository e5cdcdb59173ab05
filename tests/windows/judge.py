"""Runs inside Wine, in a Python for Windows: starts each layout as a shell would, and writes down what happened.

Usage: python.exe judge.py JOBS RESULTS, both JSON.
"""

import json
import os
import subprocess
import sys
import winreg

HIVES = {"HKEY_CURRENT_USER": winreg.HKEY_CURRENT_USER, "HKEY_LOCAL_MACHINE": winreg.HKEY_LOCAL_MACHINE}
SECONDS = 120


def delete(hive, path):
    """Deletes a key with all keys below it."""
    try:
        with winreg.OpenKey(hive, path) as key:
            names = [winreg.EnumKey(key, at) for at in range(winreg.QueryInfoKey(key)[0])]
    except OSError:
        return
    for name in names:
        delete(hive, path + "\\" + name)
    winreg.DeleteKey(hive, path)


def write(hive, path, values):
    """Makes the key and its subkeys; a key whose value is null has no default value."""
    for name, value in values.items():
        with winreg.CreateKey(hive, path + ("\\" + name if name else "")) as key:
            if value is not None:
                winreg.SetValueEx(key, "", 0, winreg.REG_SZ, value)
    with winreg.CreateKey(hive, path):
        pass


def start(job):
    """Starts one layout from its working directory, where the parent looks a relative name up."""
    os.chdir(job["cwd"])
    try:
        child = subprocess.Popen(
            job["command"],
            executable=job["program"],
            env=job["environment"],
            cwd=job["cwd"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except OSError as error:
        return {"status": None, "out": "", "err": str(error.winerror)}
    try:
        out, err = child.communicate(job["input"].encode(), SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.communicate()
        return {"status": "timeout", "out": "", "err": ""}
    return {"status": child.returncode, "out": out.decode("latin-1"), "err": err.decode("latin-1")}


def run(job):
    """One layout with its registry, which is emptied before and after."""
    path = "Software\\Python\\PythonCore\\%s\\PythonPath" % job["winver"]
    try:
        for name, values in job["registry"].items():
            write(HIVES[name], path, values)
        return start(job)
    finally:
        for name in job["registry"]:
            delete(HIVES[name], path)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        jobs = json.load(file)
    results = [dict(run(job), id=job["id"]) for job in jobs]
    os.chdir("C:\\")
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(results, file)


main()
