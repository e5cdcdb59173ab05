//! The colors, by what they mean.

use owo_colors::Style;

use crate::rules::Severity;

/// A style per meaning; without color, all of them leave the text alone.
#[derive(Clone, Copy, Debug, Default)]
pub struct Palette {
    /// What the reader looks for first.
    pub strong: Style,
    /// The title of a section.
    pub heading: Style,
    /// The name of a value or of a phase.
    pub name: Style,
    /// What helps only on a second look.
    pub faint: Style,
    /// It works.
    pub good: Style,
    /// It does not.
    pub bad: Style,
    /// It works, but not as it seems.
    pub doubtful: Style,
}

impl Palette {
    /// The colors, or none.
    pub fn new(color: bool) -> Self {
        if !color {
            return Self::default();
        }
        let plain = Style::new();
        // The sixteen colors that every terminal has, in the reader's own shades.
        Self {
            strong: plain.bold(),
            heading: plain.bold().underline(),
            name: plain.cyan(),
            faint: plain.dimmed(),
            good: plain.green(),
            bad: plain.red().bold(),
            doubtful: plain.yellow(),
        }
    }

    /// The style of a severity.
    pub fn severity(&self, severity: Severity) -> Style {
        match severity {
            Severity::Error => self.bad,
            Severity::Warning => self.doubtful,
            Severity::Info => self.name,
        }
    }
}
