//! Files in their places: a recorded machine on which one file is damaged, examined to the last file, with all reports.

use std::panic::{RefUnwindSafe, UnwindSafe};

use venv_doctor::{OverlayHost, Snapshot};

use super::seeds::{files, machines};
use super::target;
use crate::hostile::judge;

/// A machine, and the file on it that is damaged.
struct Place {
    snapshot: Snapshot,
    path: Vec<u8>,
    content: Vec<u8>,
}

// Nothing is changed in it.
struct Places(Vec<Place>);
impl UnwindSafe for Places {}
impl RefUnwindSafe for Places {}

impl Places {
    /// Files whose paths end with one of the words, on a few machines.
    fn of(words: &[&str]) -> Self {
        let is_meant = |path: &[u8]| words.iter().any(|word| path.ends_with(word.as_bytes()));
        let mut places = Vec::new();
        for machine in machines(words, 60) {
            let Ok(snapshot) = Snapshot::load(&machine) else { continue };
            let Some((path, content)) = files(&machine).into_iter().find(|(path, _)| is_meant(path)) else { continue };
            places.push(Place { snapshot, path, content });
            if places.len() == 6 {
                break;
            }
        }
        Self(places)
    }

    fn contents(&self) -> Vec<Vec<u8>> {
        self.0.iter().map(|place| place.content.clone()).collect()
    }

    fn examine(&self, index: usize, content: &[u8]) {
        let place = &self.0[index % self.0.len()];
        let mut host = OverlayHost::new(&place.snapshot.host);
        host.add_file(place.path.as_slice().into(), content).expect("a place for a file");
        if let Err(wrong) = judge::report(&host, &place.snapshot) {
            panic!("{wrong}");
        }
    }
}

macro_rules! in_place {
    ($($name:ident: $words:expr;)+) => {
        $(mod $name {
            use super::*;

            thread_local!(static PLACES: Places = Places::of(&$words));
            target!($name, PLACES.with(Places::contents), |index, input| PLACES.with(|places| places.examine(index, input)));
        })+
    };
}

in_place! {
    cfg_in_place: ["pyvenv.cfg"];
    pth_in_place: [".pth"];
    start_in_place: [".start"];
    under_pth_in_place: ["._pth"];
    metadata_in_place: ["/METADATA", "PKG-INFO"];
    record_in_place: ["/RECORD"];
    wheel_in_place: ["/WHEEL"];
    entry_points_in_place: ["entry_points.txt"];
    direct_url_in_place: ["direct_url.json"];
    pip_conf_in_place: ["pip.conf"];
    kernel_in_place: ["kernel.json"];
    egg_link_in_place: [".egg-link"];
    activate_in_place: ["/activate", "activate.csh", "activate.fish", "Activate.ps1"];
    script_in_place: ["bin/plot", "bin/pip", "bin/ruff"];
    launcher_in_place: ["pytest.exe", "plot.exe", "ruff.exe"];
    bytecode_in_place: [".pyc"];
    mounts_in_place: ["mountinfo"];
    git_index_in_place: ["/index"];
    header_in_place: ["patchlevel.h"];
    customize_in_place: ["sitecustomize.py", "usercustomize.py"];
    zip_in_place: ["python312.zip"];
    build_dir_in_place: ["pybuilddir.txt"];
}
