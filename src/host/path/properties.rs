//! What holds for every path, whatever is in it.

use bstr::{BStr, BString, ByteSlice};
use proptest::prelude::*;

use super::{Flavour, getpath, legacy, module};

/// Paths made of the pieces that path arithmetic treats specially, and of bytes that are no text.
fn path() -> impl Strategy<Value = BString> {
    let piece = prop_oneof![
        8 => Just(b"/".to_vec()),
        4 => Just(b"\\".to_vec()),
        3 => Just(b".".to_vec()),
        3 => Just(b"..".to_vec()),
        1 => Just(b"C:".to_vec()),
        1 => Just(b"\\\\?\\".to_vec()),
        4 => prop::collection::vec(1_u8.., 1..3),
    ];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat().into())
}

fn flavour() -> impl Strategy<Value = Flavour> {
    prop_oneof![Just(Flavour::Posix), Just(Flavour::Windows)]
}

fn cwd(flavour: Flavour) -> &'static BStr {
    BStr::new(if flavour == Flavour::Posix { "/home/u" } else { r"C:\home\u" })
}

proptest! {
    #[test]
    fn normalising_twice_changes_nothing_on_posix(path in path()) {
        let once = module::normpath(Flavour::Posix, path.as_bstr());
        prop_assert_eq!(&module::normpath(Flavour::Posix, once.as_bstr()), &once);
        let once = getpath::normpath(Flavour::Posix, path.as_bstr());
        prop_assert_eq!(&getpath::normpath(Flavour::Posix, once.as_bstr()), &once);
    }

    #[test]
    fn both_normalisations_agree_but_for_nothing(path in path()) {
        let c = getpath::normpath(Flavour::Posix, path.as_bstr());
        let python = module::normpath(Flavour::Posix, path.as_bstr());
        prop_assert_eq!(if c.is_empty() { BString::from(".") } else { c }, python);
    }

    #[test]
    fn a_normal_path_is_never_longer(flavour in flavour(), path in path()) {
        prop_assert!(getpath::normpath(flavour, path.as_bstr()).len() <= path.len());
        prop_assert!(module::normpath(flavour, path.as_bstr()).len() <= path.len().max(1));
    }

    #[test]
    fn absolute_paths_are_absolute_and_normal(flavour in flavour(), path in path()) {
        let absolute = module::abspath(flavour, Some(cwd(flavour)), path.as_bstr());
        prop_assert!(module::is_absolute(flavour, absolute.as_bstr()));
        prop_assert_eq!(&module::normpath(flavour, absolute.as_bstr()), &absolute);
        prop_assert_eq!(&module::abspath(flavour, None, absolute.as_bstr()), &absolute);
    }

    #[test]
    fn getpath_makes_absolute(path in path()) {
        let absolute = getpath::abspath(Flavour::Posix, Some(cwd(Flavour::Posix)), path.as_bstr());
        prop_assert!(getpath::is_absolute(Flavour::Posix, absolute.as_bstr()));
        prop_assert_eq!(&getpath::abspath(Flavour::Posix, None, absolute.as_bstr())[..1], b"/");
    }

    #[test]
    fn the_halves_of_a_path_are_its_directory_and_name(flavour in flavour(), path in path()) {
        let (head, tail) = module::split(flavour, path.as_bstr());
        prop_assert_eq!(&module::dirname(flavour, path.as_bstr()), &head);
        prop_assert_eq!(&module::basename(flavour, path.as_bstr()), &tail);
        prop_assert!(path.starts_with(&head) && path.ends_with(&tail));
    }

    #[test]
    fn joined_halves_name_the_same_file(path in path()) {
        // Not on Windows: the name of `\C:` is a drive.
        let (head, tail) = module::split(Flavour::Posix, path.as_bstr());
        let joined = module::join(Flavour::Posix, &[head.as_bstr(), tail.as_bstr()]);
        let [joined, path] = [joined, path].map(|path| module::normpath(Flavour::Posix, path.as_bstr()));
        prop_assert_eq!(joined, path);
    }

    #[test]
    fn an_absolute_part_wins(flavour in flavour(), left in path(), right in path()) {
        if getpath::is_absolute(flavour, right.as_bstr()) {
            let joined = getpath::join(flavour, &[left.as_bstr(), right.as_bstr()]);
            prop_assert_eq!(joined, getpath::normpath(flavour, right.as_bstr()));
        }
    }

    #[test]
    fn the_legacy_join_is_that_of_posixpath(left in path(), right in path()) {
        let joined = module::join(Flavour::Posix, &[left.as_bstr(), right.as_bstr()]);
        prop_assert_eq!(legacy::join(left.as_bstr(), right.as_bstr()), joined);
    }

    #[test]
    fn reducing_ends_and_agrees_with_dirname(path in path()) {
        let mut path = path;
        while !path.is_empty() {
            let shorter = legacy::reduce(path.as_bstr());
            prop_assert_eq!(&getpath::dirname(Flavour::Posix, path.as_bstr()), &shorter);
            prop_assert!(shorter.len() < path.len() && path.starts_with(&shorter));
            path = shorter;
        }
    }

    #[test]
    fn case_folds_once(path in path()) {
        let folded = module::normcase(Flavour::Windows, path.as_bstr());
        prop_assert_eq!(&module::normcase(Flavour::Windows, folded.as_bstr()), &folded);
        prop_assert_eq!(module::normcase(Flavour::Posix, path.as_bstr()), path);
    }
}
