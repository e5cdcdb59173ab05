//! Where paths lie: the directories of an environment, by which its paths are compared with those of another.

use bstr::{BStr, BString, ByteSlice};

use super::Letter;
use crate::Explanation;
use crate::environment::{EnvironmentKind, Survey};
use crate::host::path::{Flavor, module};
use crate::host::{Host, Platform};
use crate::invocation::Launch;

/// What a directory is for. The order is that in which it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    /// The environment itself.
    Environment,
    /// The installation that `home` of `pyvenv.cfg` names.
    Base,
    /// The installation of the file that is executed.
    Interpreter,
    /// The directory that the environment is in: a project.
    Project,
    /// The directory of the script that is run.
    Script,
    /// The home directory.
    Home,
}

impl Role {
    const ALL: [Self; 6] = [Self::Environment, Self::Base, Self::Interpreter, Self::Project, Self::Script, Self::Home];

    const fn name(self) -> &'static str {
        match self {
            Self::Environment => "environment",
            Self::Base => "base",
            Self::Interpreter => "interpreter",
            Self::Project => "project",
            Self::Script => "script",
            Self::Home => "home",
        }
    }

    /// What stands for it in a text: no path contains a NUL.
    fn token(self) -> [u8; 3] {
        let number = Self::ALL.iter().position(|role| *role == self).unwrap_or_default();
        [0, b'a' + u8::try_from(number).unwrap_or_default(), 0]
    }
}

/// A directory by which paths are compared, in both environments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What it is: `environment`, `base`, `interpreter`, `project`, `script` or `home`.
    pub name: &'static str,
    /// Where it is in A.
    pub a: Option<BString>,
    /// Where it is in B.
    pub b: Option<BString>,
}

/// The directories of one environment.
#[derive(Clone, Debug)]
pub struct Places {
    flavor: Flavor,
    /// What each is called, in the order in which they were found. The first of a role counts; others lead to it.
    named: Vec<(Role, BString)>,
    /// The longest first: the environment is often in the project, and that in the home directory.
    known: Vec<(Role, BString)>,
}

/// What the directories are found by.
pub struct Situation {
    flavor: Flavor,
    /// What the interpreter belongs to.
    kind: Option<EnvironmentKind>,
    directories: Vec<(Role, BString)>,
    /// The script that is run.
    script: Option<BString>,
}

impl Situation {
    /// Where an environment, its base, its interpreter and the home directory are.
    pub fn of(survey: &Survey<'_>, explanation: &Explanation, host: &dyn Host) -> Self {
        let flavor = survey.flavor();
        let mut directories = Vec::new();
        let root = explanation.environment.as_ref().map_or_else(|| survey.root().to_owned(), |it| it.root.clone());
        let parent = module::dirname(flavor, root.as_bstr());
        // Scripts may hold the path without the symlinks by which the environment is reached.
        let real = survey.ask.real_path(root.as_bstr()).ok();
        directories.push((Role::Environment, root));
        directories.extend(real.map(|real| (Role::Environment, real)));
        // What the environment says, and not what startup makes of it: that is compared.
        let home = survey.cfg_line("home").map(|line| survey.absolute(line.value.as_bstr()));
        directories.extend(home.iter().map(|home| (Role::Base, above_bin(flavor, home.as_bstr()))));
        if let Some(file) = &explanation.resolution.identification.file {
            // Where `home` leads to the same file by symlinks, there is one base with two names.
            let is_base = home.as_ref().is_some_and(|home| leads_to(survey, home, file));
            let role = if is_base { Role::Base } else { Role::Interpreter };
            directories.push((role, above_bin(flavor, module::dirname(flavor, file.as_bstr()).as_bstr())));
        }
        directories.push((Role::Project, parent));
        directories.extend(user_home(survey, host).map(|home| (Role::Home, home)));
        let script = match &explanation.resolution.invocation.launch {
            Launch::Script(path) => Some(survey.absolute(path.as_bstr())),
            _ => None,
        };
        Self { flavor, kind: explanation.environment.as_ref().map(|it| it.kind), directories, script }
    }

    /// The directories as they are told apart next to another environment. An installation is what an environment was made
    /// from, and not its counterpart; it is in no project.
    fn next_to(&self, other: &Self) -> Vec<(Role, BString)> {
        let is_installation = |it: &Self| it.kind == Some(EnvironmentKind::Installation);
        let is_base = is_installation(self) && !is_installation(other) && other.kind.is_some();
        let own = self.directories.iter().filter(|(role, _)| !is_base || *role != Role::Project);
        own.map(|(role, dir)| match role {
            Role::Environment if is_base => (Role::Base, dir.clone()),
            role => (*role, dir.clone()),
        })
        .collect()
    }

    /// The directory of the script, where it is in none of the others: below the home directory, it may be elsewhere.
    fn script_dir(&self, places: &Places) -> Option<BString> {
        let dir =
            module::dirname(self.flavor, module::normpath(self.flavor, self.script.as_ref()?.as_bstr()).as_bstr());
        let is_elsewhere = places.place_at(&dir, 0).is_none_or(|(role, _)| role == Role::Home);
        is_elsewhere.then_some(dir)
    }
}

/// Whether an interpreter in the directory is this file.
fn leads_to(survey: &Survey<'_>, dir: &BString, file: &BString) -> bool {
    let own = module::basename(survey.flavor(), file.as_bstr());
    let names = [own.as_bstr(), "python3".into(), "python".into()];
    names.iter().any(|name| survey.ask.real_path(survey.join(dir, name).as_bstr()).as_ref() == Ok(file))
}

fn user_home(survey: &Survey<'_>, host: &dyn Host) -> Option<BString> {
    let name = if survey.platform() == Platform::Windows { "USERPROFILE" } else { "HOME" };
    let variable = survey.resolution.invocation.variable(name).map(ToOwned::to_owned);
    variable.filter(|home| !home.is_empty()).or_else(|| host.account_home())
}

/// The installation that a directory of programs is in.
fn above_bin(flavor: Flavor, dir: &BStr) -> BString {
    let dir = module::normpath(flavor, dir);
    let name = module::basename(flavor, dir.as_bstr());
    if flavor == Flavor::Posix || name.eq_ignore_ascii_case(b"Scripts") {
        return module::dirname(flavor, dir.as_bstr());
    }
    dir
}

impl Places {
    /// The directories of two environments. Where each of them runs a script of the same name, it counts as the same script
    /// wherever it lies.
    pub fn both(a: &Situation, b: &Situation) -> (Self, Self) {
        let (one, other) = (Self::new(a.flavor, &a.next_to(b)), Self::new(b.flavor, &b.next_to(a)));
        let name = |it: &Situation| it.script.as_ref().map(|script| module::basename(it.flavor, script.as_bstr()));
        let scripts = a.script_dir(&one).zip(b.script_dir(&other));
        let Some((here, there)) = scripts.filter(|_| name(a) == name(b)) else { return (one, other) };
        let with = |it: &Situation, next: &Situation, dir: BString| {
            let mut directories = it.next_to(next);
            directories.push((Role::Script, dir));
            Self::new(it.flavor, &directories)
        };
        (with(a, b, here), with(b, a, there))
    }

    /// The directories that can be told apart.
    fn new(flavor: Flavor, directories: &[(Role, BString)]) -> Self {
        let mut known: Vec<(Role, BString)> = Vec::new();
        for (role, dir) in directories {
            let dir = module::normpath(flavor, dir.as_bstr());
            let is_known =
                known.iter().any(|(_, other)| is_prefix(flavor, dir.as_bstr(), other.as_bstr()) == Some(dir.len()));
            if module::is_absolute(flavor, dir.as_bstr()) && !is_root(flavor, dir.as_bstr()) && !is_known {
                known.push((*role, dir));
            }
        }
        let named = known.clone();
        // The sort is stable: of equally long ones, the first role counts.
        known.sort_by_key(|(_, dir)| std::cmp::Reverse(dir.len()));
        Self { flavor, named, known }
    }

    /// The text with a token for each of the directories.
    pub fn relative(&self, text: &[u8]) -> BString {
        let mut relative = Vec::with_capacity(text.len());
        let mut at = 0;
        while at < text.len() {
            if let Some((role, length)) = self.place_at(text, at) {
                relative.extend_from_slice(&role.token());
                at += length;
            } else {
                relative.push(text[at]);
                at += 1;
            }
        }
        relative.into()
    }

    /// The text with the directories of this environment for the tokens; none where it has no such directory.
    pub fn absolute(&self, relative: &[u8]) -> Option<BString> {
        let mut text = Vec::with_capacity(relative.len());
        let mut rest = relative;
        while let Some(at) = rest.find_byte(0) {
            text.extend_from_slice(&rest[..at]);
            let token = rest.get(at..at + 3)?;
            match Role::ALL.into_iter().find(|role| role.token() == token) {
                Some(role) => text.extend_from_slice(self.of(role)?),
                // What was there before is no token.
                None => text.extend_from_slice(token),
            }
            rest = &rest[at + 3..];
        }
        text.extend_from_slice(rest);
        Some(text.into())
    }

    /// The text with paths in the environment told by what they are below it.
    pub fn within(&self, text: &[u8]) -> BString {
        let relative = self.relative(text);
        let below = [Role::Environment.token().as_slice(), b"/"].concat();
        let below = relative.replace(&below, b"");
        self.absolute(&below).unwrap_or_else(|| text.into())
    }

    fn of(&self, role: Role) -> Option<&BString> {
        self.named.iter().find(|(named, _)| *named == role).map(|(_, dir)| dir)
    }

    /// The directory that a path at this place of a text is in, or is.
    fn place_at(&self, text: &[u8], at: usize) -> Option<(Role, usize)> {
        // The path of a URL follows its two slashes.
        if at > 0 && continues(text[at - 1]) && !text[..at].ends_with(b"://") {
            return None;
        }
        let rest = BStr::new(&text[at..]);
        self.known.iter().find_map(|(role, dir)| {
            let length = is_prefix(self.flavor, rest, dir.as_bstr())?;
            let ends = rest.get(length).is_none_or(|byte| !continues(*byte) || is_separator(self.flavor, *byte));
            ends.then_some((*role, length))
        })
    }
}

/// Whether a text, told by places, mentions the environment itself.
pub fn is_within(relative: &[u8]) -> bool {
    relative.find(Role::Environment.token()).is_some()
}

/// How long the beginning of `text` is that names `dir`.
fn is_prefix(flavor: Flavor, text: &BStr, dir: &BStr) -> Option<usize> {
    let head = text.get(..dir.len())?;
    let is_same = |(one, other): (&u8, &u8)| match flavor {
        Flavor::Posix => one == other,
        Flavor::Windows => {
            one.eq_ignore_ascii_case(other) || is_separator(flavor, *one) && is_separator(flavor, *other)
        }
    };
    head.iter().zip(dir.iter()).all(is_same).then_some(dir.len())
}

fn is_separator(flavor: Flavor, byte: u8) -> bool {
    byte == b'/' || flavor == Flavor::Windows && byte == b'\\'
}

fn is_root(flavor: Flavor, dir: &BStr) -> bool {
    module::dirname(flavor, dir) == dir
}

/// Whether the byte would belong to the same path.
fn continues(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii() || b"/._-+@%~\\".contains(&byte)
}

/// The directories of both, those first that say most.
pub fn shown(a: &Places, b: &Places) -> Vec<Place> {
    let place = |role: Role| Place { name: role.name(), a: a.of(role).cloned(), b: b.of(role).cloned() };
    let places = Role::ALL.into_iter().map(place);
    places.filter(|place| place.a != place.b && place.a.is_some() && place.b.is_some()).collect()
}

impl Place {
    /// Where it is in one of the two.
    pub fn of(&self, letter: Letter) -> Option<&BString> {
        letter.of(self.a.as_ref(), self.b.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(flavor: Flavor, directories: &[(Role, &str)]) -> Places {
        let directories: Vec<_> = directories.iter().map(|(role, dir)| (*role, BString::from(*dir))).collect();
        Places::new(flavor, &directories)
    }

    #[test]
    fn paths_are_told_by_where_they_lie() {
        let one = places(
            Flavor::Posix,
            &[
                (Role::Environment, "/home/u/a/.venv"),
                (Role::Base, "/usr"),
                (Role::Project, "/home/u/a"),
                (Role::Home, "/home/u"),
            ],
        );
        let other = places(
            Flavor::Posix,
            &[
                (Role::Environment, "/srv/env"),
                (Role::Base, "/opt/py"),
                (Role::Project, "/srv"),
                (Role::Home, "/home/v"),
            ],
        );
        for (text, expected) in [
            ("/home/u/a/.venv/lib", "/srv/env/lib"),
            ("in /home/u/a/src: /usr/bin", "in /srv/src: /opt/py/bin"),
            ("/home/u/b", "/home/v/b"),
            ("/home/u/a/.venv2", "/srv/.venv2"),
            ("/home/user /usrlocal /mnt/usr", "/home/user /usrlocal /mnt/usr"),
            ("file:///home/u/a/src", "file:///srv/src"),
        ] {
            let relative = one.relative(text.as_bytes());
            assert_eq!(other.absolute(&relative).unwrap(), expected);
        }
    }

    #[test]
    fn windows_does_not_tell_cases_apart() {
        let one = places(Flavor::Windows, &[(Role::Environment, "C:\\P\\env")]);
        let other = places(Flavor::Windows, &[(Role::Environment, "D:\\e")]);
        assert_eq!(one.relative(b"c:/p/ENV\\Lib"), other.relative(b"D:\\e\\Lib"));
    }
}
