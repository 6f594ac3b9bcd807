//! How `full` is drawn.

/// The width of everything that is not for a terminal.
pub const PLAIN_WIDTH: usize = 100;

/// What a terminal can show.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    pub color: bool,
    /// Draw with ASCII only. What a file or a message holds stays as it is.
    pub ascii: bool,
    /// Columns of the terminal. Text is wrapped there, and source lines are cut.
    pub width: usize,
}

impl Style {
    /// Without colour, a hundred columns wide: what goes into a file or a pipe.
    pub const PLAIN: Self = Self { color: false, ascii: false, width: PLAIN_WIDTH };

    /// What stands for text that is left out.
    pub fn more(self) -> &'static str {
        if self.ascii { "..." } else { "…" }
    }
}
