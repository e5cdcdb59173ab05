//! The codes: one name in Rust for each number that people see.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

macro_rules! codes {
    ($($name:ident = $number:literal,)+) => {
        /// The stable code of a rule: `VD` and three digits, the first of which is its phase.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        #[expect(missing_docs, reason = "what each means stands in its rule")]
        pub enum Code {
            $($name = $number,)+
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// Its text, such as `VD102`.
            pub fn text(self) -> &'static str {
                match self {
                    $(Self::$name => concat!("VD", stringify!($number)),)+
                }
            }
        }
    };
}

codes! {
    // VD1xx: the file that is started.
    ExecutableMissing = 101,
    DanglingLink = 102,
    LinkLoop = 103,
    ExecutableIsDirectory = 104,
    ExecutableIsNoFile = 105,
    ExecutableUnreachable = 106,
    NotExecutable = 107,
    ExecutableEmpty = 108,
    LinkBecameText = 109,
    ExecutableIsScript = 110,
    NotAProgram = 111,
    ExecutableTruncated = 112,
    WrongArchitecture = 113,
    WrongSystem = 114,
    LoaderMissing = 115,
    LibraryMissing = 116,
    NotPython = 117,
    LibraryBroken = 118,
    RedirectorFindsNothing = 119,
    RefreshLeftDangling = 120,
    CellarRemoved = 121,
    StoreCollected = 122,
    OtherMachine = 123,
    ToolInterpreterRemoved = 124,
    LibrarySubstituted = 125,
    NamesDisagree = 126,
    UnderPthOverride = 127,
    NoexecMount = 128,
    SetuidInterpreter = 129,
    CopyOutdated = 130,
    FrameworkCopied = 131,
    PrivateBase = 132,

    // VD2xx: pyvenv.cfg, prefix and base.
    FailsToInitialize = 201,
    HomeMasked = 202,
    CfgMissing = 203,
    HomeKeyMissing = 204,
    HomeGone = 205,
    HomeIsFile = 206,
    HomeRelative = 207,
    HomeDecorated = 208,
    KeyTwice = 209,
    CfgByteOrderMark = 210,
    CfgNotUtf8 = 211,
    CfgUnreadable = 212,
    CfgIsDirectory = 213,
    CfgInBin = 214,
    CfgInBase = 215,
    CfgVersionStale = 216,
    SystemSiteMissing = 217,
    SystemSiteOdd = 218,
    KeyMisspelled = 219,
    LineWithoutEquals = 220,
    HomePinned = 221,
    SitePackagesOrphaned = 222,
    StdlibOfAnother = 223,
    HomeBarren = 224,
    StdlibIncomplete = 225,
    BuildTreeLeftOver = 226,
    StorePython = 227,
    HomeInEnvironment = 228,
    EnvironmentInConda = 229,
    BuildSystemEnvironment = 230,
    StartPathNotNormal = 231,
    StdlibMissing = 232,

    // VD3xx: variables and sys.path.
    PythonHomeWrong = 301,
    PythonHomeSet = 302,
    PythonPathOtherVersion = 303,
    PythonPathHoldsStdlib = 304,
    PythonPathEmptyEntry = 305,
    PythonPathOddEntry = 306,
    PythonPathMissing = 307,
    PythonPathOtherEnvironment = 308,
    VirtualEnvMismatch = 309,
    CondaAndVenv = 310,
    LauncherVariable = 311,
    PlatlibdirSet = 312,
    TruthyZero = 313,
    LibraryPathOverride = 314,
    PipRedirected = 315,
    ActivatedButShadowed = 316,
    SystemSiteEnabled = 317,
    SystemSiteConflict = 318,
    UserSiteVisible = 319,
    StdlibShadowedByLaunch = 320,
    ObsoleteBackport = 321,
    EmptyDirectory = 322,
    CaseCollision = 323,

    // VD4xx: .pth and .start files, customization modules.
    PthTargetMissing = 401,
    PthImportFails = 402,
    PthNotUtf8 = 403,
    PthByteOrderMark = 404,
    PthHidden = 405,
    PthUnreadable = 406,
    PthStopsStartup = 407,
    PthRunsTwice = 408,
    PthIndentedImport = 409,
    StartupCodeUnowned = 410,
    StartupCodeSuspicious = 411,
    StartSyntax = 412,
    StartUnresolved = 413,
    StartNotUtf8 = 414,
    StartSuppressesPth = 415,
    EggLinkStale = 416,
    NspkgLegacy = 417,
    CustomizeFails = 418,
    SitecustomizeShadowed = 419,
    UsercustomizeActive = 420,
    EditableTargetGone = 421,
    StartupCodeModified = 422,
    PthAppleDouble = 423,

    // VD5xx: scripts, activation, where the environment stands.
    ScriptsMoved = 501,
    ScriptsRunOriginal = 502,
    ActivateStale = 503,
    LauncherStale = 504,
    ScriptForeign = 505,
    ShebangTooLong = 506,
    ShebangWithSpace = 507,
    ScriptCarriageReturn = 508,
    ScriptByteOrderMark = 509,
    ScriptNotExecutable = 510,
    CondaPrefixStale = 511,
    ForeignLayout = 512,
    RelocatableScriptLinked = 513,
    ScriptOrphaned = 514,
    KernelSpecDangling = 515,
    RedirectBroken = 516,
    ActivateMissing = 517,
    EnvironmentInGit = 518,

    // VD6xx: installed distributions.
    LeftoverTilde = 601,
    RecordMissing = 602,
    MetadataMissing = 603,
    DistributionTwice = 604,
    FilesMissing = 605,
    FilesModified = 606,
    CacheLinkDangling = 607,
    CacheLinks = 608,
    HardLinkedEdit = 609,
    PipMissing = 610,
    PipHalfRemoved = 611,
    EnsurepipUnavailable = 612,
    RemovedModuleUsed = 613,
    SyncConflict = 614,
    StaleBytecode = 615,
    PosixLocalMisplaced = 616,
    RequiresPythonViolated = 617,
    WheelTagIncompatible = 618,
    RecordMalformed = 619,

    // VD7xx: extension modules and what the interpreter can load.
    ExtensionOtherPython = 701,
    ExtensionOtherArchitecture = 702,
    ExtensionOtherLibc = 703,
    ExtensionTruncated = 704,
    FreeThreadedMismatch = 705,
    ImplementationMismatch = 706,
    BytecodeBadMagic = 707,
    Lib64Dangling = 708,
    Lib64Split = 709,
    ExtensionOtherSystem = 710,

    // VD8xx: permissions and places.
    PackageUnreadable = 801,
    ForeignOwner = 802,
    WorldWritable = 803,
    SeparatorInPath = 804,
    NewlineInPath = 805,
    PathNotUtf8 = 806,
    PathNotAscii = 807,
    PathTooLong = 808,
    FilesystemWithoutLinks = 809,
    NetworkBase = 810,
    SyncedDir = 811,

    // VD9xx: where certainty ends.
    UnknownCode = 901,
    UnknownCompiled = 902,
    UnknownMicro = 903,
    Unanswered = 904,
    NotExamined = 905,
}

impl fmt::Display for Code {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.text())
    }
}

/// A text that is no code.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no rule has the code {0}; `venv-doctor rule --all` lists them")]
pub struct UnknownCodeError(String);

impl FromStr for Code {
    type Err = UnknownCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wanted = text.to_ascii_uppercase();
        let found = Self::ALL.iter().find(|code| code.text() == wanted);
        found.copied().ok_or_else(|| UnknownCodeError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_order_and_written_as_their_numbers() {
        assert!(Code::ALL.is_sorted(), "uniqueness is what the compiler sees to");
        for code in Code::ALL {
            assert_eq!(code.text(), format!("VD{}", *code as u16));
            assert_eq!(code.text().to_lowercase().parse(), Ok(*code));
        }
        assert!("VD999".parse::<Code>().is_err());
    }
}
