//! Bare names on Windows, as its shells complete them.

use venv_doctor::internals::startup::Status;

use super::machine::windows;

#[test]
fn names_are_completed_with_the_endings_of_pathext() {
    use Status::{FailsToExecute, NotSimulated, Starts};
    let all = ".COM;.EXE;.BAT;.CMD";
    for (path, endings, status) in [
        (r"C:\Python;C:\bat", Some(all), Starts),
        (r"C:\bat;C:\Python", Some(all), NotSimulated),
        (r"C:\bat;C:\Python", None, NotSimulated),
        (r"C:\bat;C:\Python", Some(".exe"), Starts),
        (r"C:\none;C:\dir;C:\Python", Some(all), Starts),
        (r"C:\bat;C:\Python", Some(".bat;;exe"), NotSimulated),
        (r"C:\bat", Some(".EXE"), FailsToExecute),
        (r"C:\none", None, FailsToExecute),
    ] {
        let machine = windows("3.12.1", r"C:\Python").typed("python").with(|host| {
            let host = host.file(r"C:\bat\python.bat", "@echo off").file(r"C:\none\python", "").variable("PATH", path);
            let host = host.directory(r"C:\dir\python").directory(r"C:\dir\python.exe");
            endings.map_or(host.clone(), |endings| host.variable("PATHEXT", endings))
        });
        let resolution = machine.start();
        assert_eq!(resolution.outcome.status, status, "{path} {endings:?}: {:?}", resolution.outcome.reason);
        if status == NotSimulated {
            let reason = resolution.outcome.reason.unwrap().to_string();
            assert_eq!(reason, r"C:\bat\python.bat is a batch file, and what it starts is unknown");
        }
    }
}
