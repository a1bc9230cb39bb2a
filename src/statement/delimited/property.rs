//! Properties over any text, and over statements that are written in many layouts and read back.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use crate::{
    domain::{quantity::Amount, signed::Signed},
    statement::{ReadOptions, read},
};

fn options() -> ReadOptions<'static> {
    ReadOptions {
        encoding: None,
        sheet: None,
        today: NaiveDate::from_ymd_opt(2026, 11, 23).unwrap(),
        profile: None,
    }
}

/// How a statement is written.
#[derive(Clone, Debug)]
struct StatementStyle {
    delimiter: char,
    comma: bool,
    newest_first: bool,
    /// 0: debit and credit columns; 1: a signed amount; 2: an amount with `DR` or `CR`.
    money: u8,
    date: &'static str,
    end: &'static str,
    preamble: bool,
}

fn style() -> impl Strategy<Value = StatementStyle> {
    let dates = prop::sample::select(vec!["%d/%m/%Y", "%Y-%m-%d", "%d-%b-%Y", "%d.%m.%Y %H:%M"]);
    let ends = prop::sample::select(vec!["\n", "\r\n", "\r", "\r\r\n"]);
    (
        prop::sample::select(vec![',', ';', '\t', '|']),
        any::<bool>(),
        any::<bool>(),
        0_u8..3,
        dates,
        ends,
        any::<bool>(),
    )
        .prop_map(
            |(delimiter, comma, newest_first, money, date, end, preamble)| StatementStyle {
                delimiter,
                comma,
                newest_first,
                money,
                date,
                end,
                preamble,
            },
        )
}

/// A line: days after the one before, kobo (never 0), text.
fn line() -> impl Strategy<Value = (u64, i64, String)> {
    let kobo = (1_i64..5_000_000_000, any::<bool>())
        .prop_map(|(kobo, out)| if out { -kobo } else { kobo });
    (0_u64..3, kobo, "[A-Z][A-Za-z0-9 ,;|/\"-]{0,30}[a-z]")
}

fn signed(kobo: i64) -> Signed {
    Signed::from_units(i128::from(kobo) * 100_000).unwrap()
}

impl StatementStyle {
    fn figure(&self, value: Signed) -> String {
        let text = value.grouped(2);
        if self.comma {
            text.replace(',', "\u{a0}")
                .replace('.', ",")
                .replace('\u{a0}', ".")
        } else {
            text
        }
    }

    fn cell(text: &str) -> String {
        format!("\"{}\"", text.replace('"', "\"\""))
    }

    fn row(&self, cells: &[String]) -> String {
        cells
            .iter()
            .map(|cell| Self::cell(cell))
            .collect::<Vec<_>>()
            .join(&self.delimiter.to_string())
    }

    fn write(&self, opening: Signed, lines: &[(NaiveDate, Signed, String)]) -> String {
        let heads: &[&str] = match self.money {
            0 => &["Trans Date", "Narration", "Debit", "Credit", "Balance"],
            1 => &["Trans Date", "Narration", "Amount", "Balance"],
            _ => &["Trans Date", "Narration", "Amount", "DR/CR", "Balance"],
        };
        let mut balance = opening;
        let mut rows: Vec<String> = lines
            .iter()
            .map(|(date, amount, text)| {
                balance = balance.checked_add(*amount).unwrap();
                let size = Signed::from(amount.magnitude());
                let out = amount.is_negative();
                let mut cells = vec![
                    date.and_hms_opt(9, 30, 0)
                        .unwrap()
                        .format(self.date)
                        .to_string(),
                    text.clone(),
                ];
                match self.money {
                    0 if out => cells.extend([self.figure(size), String::new()]),
                    0 => cells.extend([String::new(), self.figure(size)]),
                    1 => cells.push(self.figure(*amount)),
                    _ => {
                        cells.extend([self.figure(size), if out { "DR" } else { "CR" }.to_owned()]);
                    }
                }
                cells.push(self.figure(balance));
                self.row(&cells)
            })
            .collect();
        if self.newest_first {
            rows.reverse();
        }
        rows.insert(
            0,
            self.row(
                &heads
                    .iter()
                    .map(|head| (*head).to_owned())
                    .collect::<Vec<_>>(),
            ),
        );
        if self.preamble {
            rows.insert(
                0,
                self.row(&["Account Number".to_owned(), "0123456785".to_owned()]),
            );
            rows.insert(0, "Statement of Account".to_owned());
        }
        rows.join(self.end)
    }
}

proptest! {
    #[test]
    fn a_written_statement_is_read_back_whole(style in style(), opening in 0_i64..900_000_000_000, lines in prop::collection::vec(line(), 1..25)) {
        let mut date = NaiveDate::from_ymd_opt(2026, 1, 13).unwrap();
        let mut expected = Vec::new();
        for (days, kobo, text) in lines {
            date = date.checked_add_days(Days::new(days)).unwrap();
            expected.push((date, signed(kobo), text));
        }
        // One amount without a sign and one balance prove no direction: that file asks for a
        // profile.
        prop_assume!(style.money != 1 || expected.len() > 1 || expected.iter().any(|line| line.1.is_negative()));
        let text = style.write(signed(opening), &expected);
        let file = read(text.as_bytes(), options());
        // A file with one line, or all of one day, need not prove its order of day and month;
        // nothing else may fail.
        prop_assert!(file.is_ok(), "{:?}\n{}", file, text);
        let statement = file.unwrap().statements.remove(0);
        let found: Vec<_> = statement.lines.iter().map(|line| (line.booking_date, line.amount, line.description.clone())).collect();
        let spaced = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let wanted: Vec<_> = expected.iter().map(|(date, amount, text)| (*date, *amount, spaced(text))).collect();
        prop_assert_eq!(found, wanted, "{}", text);
        prop_assert_eq!(statement.opening.map(|balance| balance.amount), Some(signed(opening)));
        prop_assert_eq!(statement.balance_ok, Some(true));
        prop_assert!(statement.findings.is_empty());
        let sum = |keep: fn(&Signed) -> bool| expected.iter().map(|line| line.1).filter(keep).fold(0, |sum, amount| sum + amount.magnitude().units());
        let crate::domain::statement::LineSums { debits, credits } = statement.sums().unwrap();
        prop_assert_eq!((debits.units(), credits.units()), (sum(|amount| amount.is_negative()), sum(|amount| !amount.is_negative())));
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read(&bytes, options());
    }

    #[test]
    fn no_text_below_a_header_makes_the_reader_panic(
        header in prop::sample::select(vec!["Date,Narration,Amount,Balance", "Date;Debit;Credit;Balance;Ref", "Date\tText\tAmount\tDR/CR"]),
        body in "([0-9]{1,2}/[0-9]{1,2}/20[0-9]{2}|[A-Za-z ]{0,9}|[-+(]?[0-9.,]{0,9}\\)?|[,;\t\"\r\n]|CR|DR|\\PC){0,60}",
    ) {
        let _ = read(format!("{header}\n{body}").as_bytes(), options());
    }

    #[test]
    fn an_amount_survives_any_mark_and_sign(units in 1..Amount::MAX.units()) {
        let amount = Signed::from_units(units).unwrap();
        let text = format!("Date,Text,Debit,Credit\n13/10/2026,a,\"{}\",\n13/10/2026,b,,0.5\n", amount.grouped(2));
        let statement = read(text.as_bytes(), options()).unwrap().statements.remove(0);
        prop_assert_eq!(statement.lines[0].amount, amount.negated());
    }
}
