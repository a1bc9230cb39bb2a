//! The formats of reports.

use std::path::Path;

/// How a report is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Aligned columns for people.
    Table,
    /// Comma-separated values after RFC 4180.
    Csv,
    /// One array or one object.
    Json,
    /// A table as GitHub reads it.
    Markdown,
    /// A page in a single file.
    Html,
    /// A spreadsheet.
    Xlsx,
}

impl Format {
    /// Reads a file name's extension, without regard to case: `.csv .json .md .html .xlsx`, and
    /// `.txt` for a table.
    pub fn from_extension(path: &Path) -> Option<Self> {
        match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
            "csv" => Some(Self::Csv),
            "json" => Some(Self::Json),
            "md" => Some(Self::Markdown),
            "html" => Some(Self::Html),
            "xlsx" => Some(Self::Xlsx),
            "txt" => Some(Self::Table),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_names_the_format_in_any_case() {
        let format = |name: &str| Format::from_extension(Path::new(name));
        assert_eq!(format("a/register.CSV"), Some(Format::Csv));
        assert_eq!(format("r.json"), Some(Format::Json));
        assert_eq!(format("r.md"), Some(Format::Markdown));
        assert_eq!(format("r.html"), Some(Format::Html));
        assert_eq!(format("r.v2.xlsx"), Some(Format::Xlsx));
        assert_eq!(format("r.txt"), Some(Format::Table));
        for name in ["r", ".csv", "r.pdf", "r."] {
            assert_eq!(format(name), None, "{name}");
        }
    }
}
