//! A plain table of hardware: drives, partitions, interfaces.

/// Heads and rows of text. A column that no row fills is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// What it lists.
    pub(crate) caption: String,
    /// Heads of the columns.
    pub(crate) heads: Vec<String>,
    /// The rows; as many cells as there are heads.
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// One cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cell {
    /// What it says; may be empty.
    pub(crate) text: String,
    /// It says something that a person should look at.
    pub(crate) attention: bool,
}

impl Cell {
    /// A cell of text, empty where there is none.
    pub(crate) fn of(text: Option<String>) -> Self {
        Self { text: text.unwrap_or_default(), attention: false }
    }
}

impl Table {
    /// A table without its empty columns; none without rows.
    pub(crate) fn new(caption: String, heads: Vec<String>, rows: Vec<Vec<Cell>>) -> Option<Self> {
        if rows.is_empty() {
            return None;
        }
        let filled: Vec<bool> =
            (0..heads.len()).map(|column| rows.iter().any(|row| !row[column].text.is_empty())).collect();
        let keep = |index: usize| filled[index];
        let only = |row: Vec<Cell>| {
            row.into_iter().enumerate().filter(|(index, _)| keep(*index)).map(|(_, cell)| cell).collect()
        };
        let heads = heads.into_iter().enumerate().filter(|(index, _)| keep(*index)).map(|(_, head)| head);
        Some(Self { caption, heads: heads.collect(), rows: rows.into_iter().map(only).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, Table};

    #[test]
    fn empty_columns_are_left_out() {
        let row = |a: &str| vec![Cell::of(Some(a.to_owned())), Cell::default()];
        let heads = vec!["name".to_owned(), "wear".to_owned()];
        let table = Table::new("Drives".to_owned(), heads, vec![row("sda"), row("sdb")]).unwrap();
        assert_eq!(table.heads, ["name"]);
        assert_eq!(table.rows[1].len(), 1);
        assert_eq!(Table::new(String::new(), Vec::new(), Vec::new()), None);
    }
}
