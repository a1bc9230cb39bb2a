//! Files of past events:
//! `event,title,type,date,record_date,holder,tokens,gross,tax,paid,reference,value_date`.

use super::{
    header::SheetColumns,
    sheet::{Sheet, SheetLine, SheetReader},
    sheet_file::SheetFile,
};
use crate::domain::{
    bad_line::BadLine,
    code::Code,
    event::EventType,
    history::{
        ImportTerms, ImportedHead, ImportedPayment, ImportedRow, ImportedShare, RowComparison,
    },
    quantity::{Amount, Tokens},
    text,
    time::parse_date,
};

const SHAPE: SheetColumns = SheetColumns {
    required: &[
        "event",
        "title",
        "type",
        "date",
        "record_date",
        "holder",
        "tokens",
        "gross",
        "tax",
        "paid",
        "reference",
        "value_date",
    ],
    optional: &[],
};

/// Reads a file of past events, and checks that each row adds up and that the rows of an event
/// agree. An empty tax or paid cell is zero.
///
/// # Errors
/// The bad lines, if the header is not that of such a file.
pub fn history(
    file: &SheetFile,
    terms: ImportTerms,
) -> Result<Sheet<ImportedRow<Code>>, Vec<BadLine>> {
    let mut comparison = RowComparison::default();
    Ok(SheetReader::open(file, &SHAPE)?.rows(|line| {
        let row = row(line)?;
        let mut bad = row.check(terms);
        bad.extend(comparison.add(&row));
        let is_good = bad.is_empty();
        for cell in bad {
            line.refuse(cell.column, cell.reason);
        }
        is_good.then_some(row)
    }))
}

fn row(line: &mut SheetLine<'_>) -> Option<ImportedRow<Code>> {
    line.must_name_somebody("holder", &["event", "title"])?;
    let head = head(line);
    let holder = line.read("holder", Code::parse);
    let tokens = line.read_number("tokens", Tokens::parse);
    let gross = line.read_number("gross", Amount::parse);
    let tax = line.read_maybe_number("tax", Amount::parse);
    let payment = payment(line);
    Some(ImportedRow {
        line: line.number,
        head: head?,
        holder: holder?,
        share: ImportedShare {
            tokens: tokens?,
            gross: gross?,
            tax: tax?.unwrap_or(Amount::ZERO),
            payment: payment?,
        },
    })
}

fn head(line: &mut SheetLine<'_>) -> Option<ImportedHead> {
    let code = line.read("event", Code::parse);
    let title = line.read("title", text::name);
    let event_type = line.read("type", event_type);
    let distribution_date = line.read("date", parse_date);
    let record_date = line.read("record_date", parse_date);
    Some(ImportedHead {
        code: code?,
        title: title?,
        event_type: event_type?,
        distribution_date: distribution_date?,
        record_date: record_date?,
    })
}

fn event_type(text: &str) -> Result<EventType, String> {
    let word = text.trim().to_ascii_lowercase();
    let mut all = EventType::ALL.iter().copied();
    all.find(|one| one.as_str() == word).ok_or_else(|| {
        let all: Vec<&str> = EventType::ALL.iter().map(|one| one.as_str()).collect();
        format!(
            "`{}` is not a type of event; the types are {}",
            text::excerpt(text, 40),
            all.join(", ")
        )
    })
}

/// Reads what was paid. The outer `None` is a bad cell.
fn payment(line: &mut SheetLine<'_>) -> Option<Option<ImportedPayment>> {
    let paid = line.read_maybe_number("paid", Amount::parse);
    let reference = line.read_maybe("reference", text::reference);
    let value_date = line.read_maybe("value_date", parse_date);
    let amount = paid?.unwrap_or(Amount::ZERO);
    let (reference, value_date) = (reference?, value_date?);
    if amount.is_zero() {
        let mut is_good = true;
        for (column, is_given) in [
            ("reference", reference.is_some()),
            ("value_date", value_date.is_some()),
        ] {
            if is_given {
                let reason = "nothing was paid on this line; leave this cell empty".to_owned();
                line.refuse(column, reason);
                is_good = false;
            }
        }
        return is_good.then_some(None);
    }
    if reference.is_none() {
        let reason = "a payment needs its reference; it need not be unique, so `unknown` will do";
        line.refuse("reference", reason.to_owned());
    }
    if value_date.is_none() {
        let reason = "a payment needs the day on which the bank made it".to_owned();
        line.refuse("value_date", reason);
    }
    Some(Some(ImportedPayment {
        amount,
        reference: reference?,
        value_date: value_date?,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::currency::Currency;

    const HEAD: &str =
        "event,title,type,date,record_date,holder,tokens,gross,tax,paid,reference,value_date\n";

    fn read(rows: &str) -> Sheet<ImportedRow<Code>> {
        let terms = ImportTerms {
            currency: Currency::parse("NGN").unwrap(),
            today: parse_date("2026-06-30").unwrap(),
        };
        history(&SheetFile::of(format!("{HEAD}{rows}").as_bytes()), terms).unwrap()
    }

    fn said(rows: &str) -> Vec<String> {
        let bad = read(rows).bad;
        bad.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_row_with_and_one_without_a_payment_are_read() {
        let sheet = read(
            "E1,First,Revenue,2024-04-05,2024-03-31,ada,10,100.00,10,90,TRX-1,2024-04-08\n\
             E1,First,revenue,2024-04-05,2024-03-31,ben,5,50,,,,\n",
        );
        assert_eq!(sheet.bad, []);
        assert_eq!(sheet.rows[0].share.paid(), Amount::parse("90").unwrap());
        assert_eq!(sheet.rows[1].share.payment, None);
        assert_eq!(sheet.rows[1].share.tax, Amount::ZERO);
    }

    #[test]
    fn every_wrong_line_is_named_with_its_place() {
        assert_eq!(
            said(
                "E1,First,rent,2024-04-05,2024-03-31,ada,10,100,10,90,,\n\
                 E1,First,revenue,2024-04-05,2024-04-31,ben,5,50,0,0,TRX,2024-04-08\n\
                 E1,First,revenue,2024-04-05,2024-03-31,chi,5,50,0,50.01,TRX,2024-04-08\n\
                 Total,,,,,,15,150,10,90,,\n"
            ),
            [
                "2: type: `rent` is not a type of event; the types are revenue, exit, dividend, other",
                "2: reference: a payment needs its reference; it need not be unique, so `unknown` will do",
                "2: value_date: a payment needs the day on which the bank made it",
                "3: record_date: `2024-04-31` is not a date: April 2024 has 30 days",
                "3: reference: nothing was paid on this line; leave this cell empty",
                "3: value_date: nothing was paid on this line; leave this cell empty",
                "4: paid: 50.01 is above the net amount 50.00 (50.00 less 0.00 tax)",
                "5: event: `Total` is a row of totals, not a holder; remove this row",
            ]
        );
    }
}
