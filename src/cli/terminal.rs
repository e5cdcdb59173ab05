//! What the terminal can show: width, color, and the directory that `~` stands for.

use std::io::{self, IsTerminal};

use bstr::{BString, ByteSlice};
use terminal_size::Width;
use venv_doctor::host::{Host, LiveHost};
use venv_doctor::report::text::Style;

use super::args::{Color, Look};

/// The width of text that goes to no terminal.
const PIPE_WIDTH: usize = 100;
/// Narrower than this, columns fall to pieces; wider lines than this nobody reads.
const USABLE: std::ops::RangeInclusive<usize> = 40..=200;

/// The columns to fill: asked for, or `COLUMNS`, or the terminal's.
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

/// Whether to color: the option, then `NO_COLOR` and `CLICOLOR_FORCE` (see <https://no-color.org> and
/// <https://bixense.com/clicolors>), then whether standard output is a terminal that can.
pub fn wants_color(host: &dyn Host, asked: Color) -> bool {
    let set = |name| host.variable(name).is_some_and(|value: BString| !value.is_empty());
    match asked {
        Color::Always => true,
        Color::Never => false,
        Color::Auto if set("NO_COLOR") => false,
        Color::Auto if host.variable("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0") => true,
        Color::Auto => io::stdout().is_terminal() && host.variable("TERM").is_none_or(|term| term != "dumb"),
    }
}

/// How text is to look, as far as the options and this terminal say.
pub fn style(look: Look, home: Option<BString>) -> Style {
    Style { width: width(&LiveHost, look.width), color: wants_color(&LiveHost, look.color), verbose: false, home }
}

/// The home directory of whoever reads the text, for display alone.
pub fn home(host: &dyn Host) -> Option<BString> {
    host.variable("HOME").filter(|home| home.len() > 1 && home.starts_with(b"/"))
}
