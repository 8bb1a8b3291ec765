//! Cells that a spreadsheet would run.

/// First bytes of what [`is_formula`] may take for one: signs, blanks, and those that begin a
/// full-width sign or a blank outside ASCII.
pub(super) static MAY_BE_FORMULA: [bool; 256] = {
    let mut starts = [false; 256];
    let bytes = b"=+-@ \t\r\n\x0b\x0c\xc2\xe1\xe2\xe3\xef";
    let mut at = 0;
    while at < bytes.len() {
        #[expect(clippy::indexing_slicing, reason = "checked when compiled")]
        {
            starts[bytes[at] as usize] = true;
        }
        at += 1;
    }
    starts
};

/// Blanks do not stop a spreadsheet: it looks at the first character behind them.
pub(super) fn is_formula(cell: &str) -> bool {
    cell.starts_with(['\t', '\r', '\n'])
        || cell
            .trim_start()
            .starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}
