//! The files of administrators: holders, tokens, withdrawal requests, payments.

use std::fmt::Debug;

use prorata::{
    domain::{code::Code, quantity::Tokens, time::parse_date},
    intake::{
        BadLine, HolderCodes, NumberForm, RepeatedHolders, Rounding, SameReference, Sheet,
        SheetFile, SheetOptions, TokenFile, TokenOptions, check_options, holders, payments, tokens,
        withdrawals,
    },
};

use super::said;

/// The ways to read a register file: as it is, cut to seven decimals with numbers of a spreadsheet,
/// and with another program's headings, codes of names and rows that add up.
fn ways() -> [(SheetOptions, TokenOptions); 3] {
    let plain = TokenOptions {
        date: parse_date("2026-01-01").ok(),
        rounding: Rounding::Refuse,
        repeated: RepeatedHolders::Refuse,
        codes: HolderCodes::Given,
    };
    let renamed = [("holder", "address"), ("tokens", "balance")]
        .map(|(ours, theirs)| (ours.to_owned(), theirs.to_owned()));
    let cut = TokenOptions {
        rounding: Rounding::Down,
        ..plain.clone()
    };
    let numbers = SheetOptions {
        numbers: NumberForm {
            thousands: Some(','),
            ..NumberForm::default()
        },
        ..SheetOptions::default()
    };
    let named = SheetOptions {
        columns: renamed.into(),
        ..SheetOptions::default()
    };
    let made = TokenOptions {
        repeated: RepeatedHolders::AddUp,
        codes: HolderCodes::Made,
        ..cut.clone()
    };
    [
        (SheetOptions::default(), plain),
        (numbers, cut),
        (named, made),
    ]
}

pub(crate) fn reads(data: &[u8]) {
    if let Ok(file) = SheetFile::read(data, SheetOptions::default()) {
        drop(holders(&file));
        drop(payments(&file, SameReference::Refused));
        drop(payments(&file, SameReference::OneTransfer));
        drop(withdrawals(&file));
    }
    for (options, way) in ways() {
        if let Ok(file) = SheetFile::read(data, options) {
            drop((check_options(&file, &way), tokens(&file, &way)));
        }
    }
}

pub(crate) fn holds(data: &[u8]) {
    let file = match SheetFile::read(data, SheetOptions::default()) {
        Ok(file) => file,
        Err(error) => return said::harmless(&error.to_string()),
    };
    for row in sheet(data, holders(&file), holders(&file)) {
        assert_eq!(Code::parse(row.code.as_str()), Ok(row.code.clone()));
        assert!(!row.name.is_empty());
        let bank = [
            &row.bank.bank_name,
            &row.bank.bank_code,
            &row.bank.account_name,
        ];
        [&row.email, &row.country]
            .into_iter()
            .chain(bank)
            .flatten()
            .chain([&row.name])
            .for_each(|text| said::harmless(text));
    }
    let read = || payments(&file, SameReference::OneTransfer);
    for row in sheet(data, read(), read()) {
        [&row.withdrawal, &row.payment.reference]
            .into_iter()
            .chain(&row.payment.notes)
            .for_each(|text| said::harmless(text));
    }
    for row in sheet(data, withdrawals(&file), withdrawals(&file)) {
        [&row.holder]
            .into_iter()
            .chain(&row.notes)
            .for_each(|text| said::harmless(text));
    }
    for (options, way) in ways() {
        let Ok(file) = SheetFile::read(data, options) else {
            continue;
        };
        let (once, again) = (tokens(&file, &way), tokens(&file, &way));
        assert_eq!(once, again, "the same bytes give the same answer");
        match once {
            Ok(file) => register(data, &file, way.rounding),
            Err(bad) => refused(data, &bad),
        }
    }
}

/// Asserts what holds of every sheet; answers its rows.
fn sheet<T: PartialEq + Debug>(
    data: &[u8],
    once: Result<Sheet<T>, Vec<BadLine>>,
    again: Result<Sheet<T>, Vec<BadLine>>,
) -> Vec<T> {
    assert_eq!(once, again, "the same bytes give the same answer");
    match once {
        Ok(Sheet { rows, bad }) => {
            assert!(
                !rows.is_empty() || !bad.is_empty(),
                "neither a row nor a bad line"
            );
            said::placed(data, &bad);
            rows
        }
        Err(bad) => {
            refused(data, &bad);
            Vec::new()
        }
    }
}

fn refused(data: &[u8], bad: &[BadLine]) {
    assert!(!bad.is_empty(), "refused without a bad line");
    said::placed(data, bad);
}

fn register(data: &[u8], file: &TokenFile, rounding: Rounding) {
    said::placed(data, &file.bad);
    // Rows of no tokens are left out whether anything was cut of them or not.
    let lines = data.split(|byte| matches!(byte, b'\n' | b'\r')).count();
    let rows = u64::try_from(file.entries.len()).unwrap_or(u64::MAX);
    let rows = rows.saturating_add(file.rows_left_out);
    assert!(
        rows <= u64::try_from(lines).unwrap_or(0) && file.rows_cut <= rows,
        "more rows than there are lines, or more cut than there are"
    );
    assert!(
        rounding == Rounding::Down || file.rows_cut == 0,
        "nothing is cut that nobody asked to be cut"
    );
    for entry in &file.entries {
        assert!(entry.tokens > Tokens::ZERO, "an entry without tokens");
        entry
            .reference
            .iter()
            .chain(&entry.name)
            .for_each(|text| said::harmless(text));
    }
}
