//! Numbers as spreadsheets write them: which of comma and point is the decimal mark, and which only sets groups apart.

/// The number in a cell, with a point as its decimal mark and without groups. What is no number is left as it is, for the field to
/// refuse. `mark` is the decimal mark of the spreadsheet.
///
/// # Errors
/// What was expected, where the cell can be read in two ways: `1,234` in a spreadsheet whose decimal mark is the point may be one
/// thousand and something with its groups set apart, or a little more than one.
pub fn plain(cell: &str, mark: char) -> Result<String, String> {
    let text: String = cell.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}')).collect();
    let other = if mark == '.' { ',' } else { '.' };
    let (Some(comma), Some(point)) = (text.rfind(','), text.rfind('.')) else {
        return match (text.matches(mark).count(), text.matches(other).count()) {
            (1, 0) => Ok(text.replace(mark, ".")),
            (0, 1) if is_grouped(&text, other) => {
                let (whole, fraction) = (text.replace(other, ""), text.replace(other, "."));
                let exact = fraction.replace('.', &mark.to_string());
                Err(format!("{text:?} may be {whole} or {fraction}, expected {whole}, or {exact}0"))
            }
            (0, 1) => Ok(text.replace(other, ".")),
            (2.., 0) if is_grouped(&text, mark) => Ok(text.replace(mark, "")),
            (0, 2..) if is_grouped(&text, other) => Ok(text.replace(other, "")),
            _ => Ok(text),
        };
    };
    // The last of both is the decimal mark: groups end before it.
    let (groups, mark, end) = if comma > point { ('.', ',', comma) } else { (',', '.', point) };
    if text.matches(mark).count() > 1 || !is_grouped(&text[..end], groups) {
        return Ok(text);
    }
    Ok(text.replace(groups, "").replace(mark, "."))
}

/// `1,234,567`: one to three digits, of which the first is no zero, then three each time.
fn is_grouped(text: &str, mark: char) -> bool {
    let digits = |group: &str| group.bytes().all(|byte| byte.is_ascii_digit());
    let mut groups = text.strip_prefix('-').unwrap_or(text).split(mark);
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len())
        && digits(first)
        && !first.starts_with('0')
        && groups.all(|group| group.len() == 3 && digits(group))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_of_the_spreadsheet_decides_and_what_can_be_read_once_is_read() {
        for (cell, with_point, with_comma) in [
            ("1234", "1234", "1234"),
            (" 1 299 ", "1299", "1299"),
            ("12.5", "12.5", "12.5"),
            ("299,90", "299.90", "299.90"),
            ("0,125", "0.125", "0.125"),
            ("0.125", "0.125", "0.125"),
            ("1,2345", "1.2345", "1.2345"),
            ("1,234.56", "1234.56", "1234.56"),
            ("1.234,56", "1234.56", "1234.56"),
            ("1\u{202f}234,56", "1234.56", "1234.56"),
            ("1,234,567", "1234567", "1234567"),
            ("1.234.567", "1234567", "1234567"),
            ("-1.234,5", "-1234.5", "-1234.5"),
            ("1e3", "1e3", "1e3"),
            ("much", "much", "much"),
            ("1,2,3", "1,2,3", "1,2,3"),
            ("1.2,3.4", "1.2,3.4", "1.2,3.4"),
            ("12,34.5", "12,34.5", "12,34.5"),
        ] {
            assert_eq!(plain(cell, '.').as_deref(), Ok(with_point), "{cell}");
            assert_eq!(plain(cell, ',').as_deref(), Ok(with_comma), "{cell}");
        }
        assert_eq!(plain("1.234", '.').as_deref(), Ok("1.234"));
        assert_eq!(plain("1,234", ',').as_deref(), Ok("1.234"));
        for (cell, mark, exact) in [("1,234", '.', "1.2340"), ("1.234", ',', "1,2340")] {
            let expected = format!("{cell:?} may be 1234 or 1.234, expected 1234, or {exact}");
            assert_eq!(plain(cell, mark), Err(expected));
            assert_eq!(plain(exact, mark).as_deref(), Ok("1.2340"));
        }
    }
}
