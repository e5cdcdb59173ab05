//! Properties that hold for every path.

use bstr::{BStr, BString, ByteSlice};
use proptest::prelude::*;

use super::{Flavor, getpath, legacy, module};

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

fn flavor() -> impl Strategy<Value = Flavor> {
    prop_oneof![Just(Flavor::Posix), Just(Flavor::Windows)]
}

fn cwd(flavor: Flavor) -> &'static BStr {
    BStr::new(if flavor == Flavor::Posix { "/home/u" } else { r"C:\home\u" })
}

proptest! {
    #[test]
    fn normalizing_twice_changes_nothing_on_posix(path in path()) {
        let once = module::normpath(Flavor::Posix, path.as_bstr());
        prop_assert_eq!(&module::normpath(Flavor::Posix, once.as_bstr()), &once);
        let once = getpath::normpath(Flavor::Posix, path.as_bstr());
        prop_assert_eq!(&getpath::normpath(Flavor::Posix, once.as_bstr()), &once);
    }

    #[test]
    fn both_normalizations_agree_but_for_nothing(path in path()) {
        let c = getpath::normpath(Flavor::Posix, path.as_bstr());
        let python = module::normpath(Flavor::Posix, path.as_bstr());
        prop_assert_eq!(if c.is_empty() { BString::from(".") } else { c }, python);
    }

    #[test]
    fn a_normal_path_is_never_longer(flavor in flavor(), path in path()) {
        prop_assert!(getpath::normpath(flavor, path.as_bstr()).len() <= path.len());
        prop_assert!(module::normpath(flavor, path.as_bstr()).len() <= path.len().max(1));
    }

    #[test]
    fn absolute_paths_are_absolute_and_normal(flavor in flavor(), path in path()) {
        let absolute = module::abspath(flavor, Some(cwd(flavor)), path.as_bstr());
        prop_assert!(module::is_absolute(flavor, absolute.as_bstr()));
        prop_assert_eq!(&module::normpath(flavor, absolute.as_bstr()), &absolute);
        prop_assert_eq!(&module::abspath(flavor, None, absolute.as_bstr()), &absolute);
    }

    #[test]
    fn getpath_makes_absolute(path in path()) {
        let absolute = getpath::abspath(Flavor::Posix, Some(cwd(Flavor::Posix)), path.as_bstr());
        prop_assert!(getpath::is_absolute(Flavor::Posix, absolute.as_bstr()));
        prop_assert_eq!(&getpath::abspath(Flavor::Posix, None, absolute.as_bstr())[..1], b"/");
    }

    #[test]
    fn the_halves_of_a_path_are_its_directory_and_name(flavor in flavor(), path in path()) {
        let (head, tail) = module::split(flavor, path.as_bstr());
        prop_assert_eq!(&module::dirname(flavor, path.as_bstr()), &head);
        prop_assert_eq!(&module::basename(flavor, path.as_bstr()), &tail);
        prop_assert!(path.starts_with(&head) && path.ends_with(&tail));
    }

    #[test]
    fn joined_halves_name_the_same_file(path in path()) {
        // Not on Windows: the name of `\C:` is a drive.
        let (head, tail) = module::split(Flavor::Posix, path.as_bstr());
        let joined = module::join(Flavor::Posix, &[head.as_bstr(), tail.as_bstr()]);
        let [joined, path] = [joined, path].map(|path| module::normpath(Flavor::Posix, path.as_bstr()));
        prop_assert_eq!(joined, path);
    }

    #[test]
    fn an_absolute_part_wins(flavor in flavor(), left in path(), right in path()) {
        if getpath::is_absolute(flavor, right.as_bstr()) {
            let joined = getpath::join(flavor, &[left.as_bstr(), right.as_bstr()]);
            prop_assert_eq!(joined, getpath::normpath(flavor, right.as_bstr()));
        }
    }

    #[test]
    fn the_legacy_join_is_that_of_posixpath(left in path(), right in path()) {
        let joined = module::join(Flavor::Posix, &[left.as_bstr(), right.as_bstr()]);
        prop_assert_eq!(legacy::join(left.as_bstr(), right.as_bstr()), joined);
    }

    #[test]
    fn reducing_ends_and_agrees_with_dirname(path in path()) {
        let mut path = path;
        while !path.is_empty() {
            let shorter = legacy::reduce(path.as_bstr());
            prop_assert_eq!(&getpath::dirname(Flavor::Posix, path.as_bstr()), &shorter);
            prop_assert!(shorter.len() < path.len() && path.starts_with(&shorter));
            path = shorter;
        }
    }

    #[test]
    fn case_folds_once(path in path()) {
        let folded = module::normcase(Flavor::Windows, path.as_bstr());
        prop_assert_eq!(&module::normcase(Flavor::Windows, folded.as_bstr()), &folded);
        prop_assert_eq!(module::normcase(Flavor::Posix, path.as_bstr()), path);
    }
}
