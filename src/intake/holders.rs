//! Holder files: `code,name[,email,country,bank_name,bank_code,account_number,account_name]` and
//! `[kind,tax_residence,tax_number,tax_state]`.

use std::collections::HashMap;

use super::{
    header::SheetColumns,
    sheet::{Sheet, SheetLine, SheetReader, bank_details},
    sheet_file::SheetFile,
};
use crate::domain::{
    account::BankDetails,
    bad_line::BadLine,
    code::Code,
    tax::{CountryCode, HolderKind, TaxDetails, TaxNumber, TaxState},
    text::name,
};

/// A row of a holder file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HolderRow {
    /// The number of the line.
    pub line: u64,
    /// The code.
    pub code: Code,
    /// The name.
    pub name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The country.
    pub country: Option<String>,
    /// What is known for tax.
    pub tax: TaxDetails,
    /// The bank details.
    pub bank: BankDetails,
}

const SHAPE: SheetColumns = SheetColumns {
    required: &["code", "name"],
    optional: &[
        "email",
        "country",
        "bank_name",
        "bank_code",
        "account_number",
        "account_name",
        "account_currency",
        "kind",
        "tax_residence",
        "tax_number",
        "tax_state",
    ],
};

/// Reads a holder file.
///
/// # Errors
/// The bad lines, if the header is not that of a holder file.
pub fn holders(file: &SheetFile) -> Result<Sheet<HolderRow>, Vec<BadLine>> {
    let mut seen = HashMap::new();
    Ok(SheetReader::open(file, &SHAPE)?.rows(|line| {
        line.must_name_somebody("code", &["name"])?;
        let code = line.read("code", Code::parse);
        if let Some(code) = &code
            && let Some(first) = seen.insert(code.as_str().to_ascii_lowercase(), line.number)
        {
            line.refuse("code", format!("`{code}` is already on line {first}"));
            return None;
        }
        let name = line.read("name", name);
        let (email, country, bank) = (
            line.maybe_name("email"),
            line.maybe_name("country"),
            bank_details(line),
        );
        let tax = tax_details(line);
        Some(HolderRow {
            line: line.number,
            code: code?,
            name: name?,
            email: email?,
            country: country?,
            tax: tax?,
            bank: bank?,
        })
    }))
}

/// Reads the columns of what is known for tax.
fn tax_details(line: &mut SheetLine<'_>) -> Option<TaxDetails> {
    let kind = line.read_maybe("kind", |text| {
        let known = HolderKind::ALL.iter().copied();
        let mut known = known.filter(|kind| kind.as_str() == text.to_ascii_lowercase());
        known.next().ok_or_else(|| {
            let words: Vec<&str> = HolderKind::ALL.iter().map(|kind| kind.as_str()).collect();
            format!("write {}", words.join(", "))
        })
    });
    let (residence, number, state) = (
        line.read_maybe("tax_residence", CountryCode::parse),
        line.read_maybe("tax_number", TaxNumber::parse),
        line.read_maybe("tax_state", TaxState::parse),
    );
    Some(TaxDetails {
        kind: kind?,
        residence: residence?,
        number: number?,
        state: state?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bad_line_is_named_and_no_account_number_repeated() {
        let bad = holders(&SheetFile::of(
            b"code,name,account_number\nada,Ada,0123456785\nb b,,12;34\nc,C,0123456785,x\n",
        ))
        .unwrap()
        .bad;
        let shown: Vec<String> = bad.iter().map(ToString::to_string).collect();
        assert_eq!(
            shown,
            [
                "3: code: `b b` is not a code: write 1 to 64 letters, digits and `-._`, not beginning with `-`",
                "3: name: the text is empty",
                "3: account_number: an account number has 4 to 34 letters and digits",
                "4: the line has 4 fields and the header 3",
            ]
        );
    }

    #[test]
    fn a_file_names_each_holder_once() {
        let bad = holders(&SheetFile::of(b"code,name\nada,Ada\nADA,Ada\n"))
            .unwrap()
            .bad;
        assert_eq!(
            bad.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["3: code: `ADA` is already on line 2"]
        );
    }

    #[test]
    fn a_missing_or_unknown_column_is_named() {
        let bad = holders(&SheetFile::of(b"code,nme\nada,Ada\n")).unwrap_err();
        assert_eq!(
            bad[0].to_string(),
            "1: `nme` may be `name`: `--columns name=nme`"
        );
        let bad = holders(&SheetFile::of(b"code,rank\nada,Ada\n")).unwrap_err();
        assert_eq!(
            bad[0].to_string(),
            "1: name: this column is missing; the file has code, rank"
        );
        assert!(bad[1].to_string().starts_with(
            "1: rank: this is not a column of such a file; its columns are code, name, email"
        ));
        assert_eq!(
            holders(&SheetFile::of(b"")).unwrap_err()[0].reason,
            "the file is empty"
        );
        assert_eq!(
            holders(&SheetFile::of(b"code,name\n")).unwrap().bad[0].reason,
            "the file has a header and no rows"
        );
    }

    #[test]
    fn a_byte_order_mark_and_carriage_returns_do_not_belong_to_the_data() {
        let rows = holders(&SheetFile::of(
            b"\xef\xbb\xbfcode,name\r\nada,\"Ada, Obi\"\r\n",
        ))
        .unwrap()
        .rows;
        assert_eq!(
            (rows[0].code.as_str(), rows[0].name.as_str(), rows[0].line),
            ("ada", "Ada, Obi", 2)
        );
    }
}
