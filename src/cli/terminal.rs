//! What the terminal can show: width, color, and the directory that is shown as `~`.

use std::io::{self, IsTerminal};

use crate::host::path::is_absolute;
use crate::host::{Host, LiveHost, Platform};
use crate::report::text::Style;
use bstr::{BString, ByteSlice};
use terminal_size::Width;

use super::args::{Color, Look};

/// The width of text that does not go to a terminal.
const PIPE_WIDTH: usize = 100;
/// Columns need the lesser width, and nobody reads lines that are longer than the greater.
const USABLE: std::ops::RangeInclusive<usize> = 40..=200;

/// The width of the page: the option, else `COLUMNS`, else the terminal's.
pub fn width(host: &dyn Host, asked: Option<u16>) -> usize {
    let from_variable = || host.variable("COLUMNS")?.to_str().ok()?.trim().parse().ok().filter(|&columns| columns > 0);
    let from_terminal =
        || terminal_size::terminal_size_of(io::stdout()).map(|(Width(columns), _)| usize::from(columns));
    asked
        .map(usize::from)
        .or_else(from_variable)
        .or_else(from_terminal)
        .unwrap_or(PIPE_WIDTH)
        .clamp(*USABLE.start(), *USABLE.end())
}

/// Whether to use colors: the option decides, else `NO_COLOR`, else `CLICOLOR_FORCE` (see <https://no-color.org> and
/// <https://bixense.com/clicolors>), else whether standard output is a terminal with colors.
pub fn wants_color(host: &dyn Host, asked: Color) -> bool {
    let set = |name| host.variable(name).is_some_and(|value: BString| !value.is_empty());
    match asked {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR") => false,
        Color::Auto if host.variable("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0") => true,
        Color::Auto => {
            let is_dumb = host.variable("TERM").is_some_and(|term| term == "dumb");
            io::stdout().is_terminal() && !is_dumb && understands_escapes()
        }
    }
}

/// Whether a terminal takes escape sequences.
#[cfg(unix)]
fn understands_escapes() -> bool {
    true
}

/// A console of Windows is asked to take escape sequences, which those before Windows 10 do not; what is no console is a
/// terminal of its own.
#[cfg(windows)]
fn understands_escapes() -> bool {
    use winapi_util::console::Console;
    Console::stdout().map_or(true, |mut console| console.set_virtual_terminal_processing(true).is_ok())
}

/// Whether the text goes to a terminal.
pub fn is_shown() -> bool {
    io::stdout().is_terminal()
}

/// Whether somebody can be asked: both what is shown and what is answered are on a terminal.
pub fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// How text looks, by the options and by this terminal.
pub fn style(look: Look, home: Option<BString>) -> Style {
    Style { width: width(&LiveHost, look.width), color: wants_color(&LiveHost, look.color), verbose: false, home }
}

/// The home directory of the reader, which text shows as `~`.
pub fn home(host: &dyn Host) -> Option<BString> {
    if host.platform() == Platform::Windows {
        return host
            .variable("USERPROFILE")
            .filter(|home| home.len() > 3 && is_absolute(Platform::Windows, home.as_bstr()));
    }
    host.variable("HOME").filter(|home| home.len() > 1 && home.starts_with(b"/"))
}
