//! An `Ntry`: the entry says what is booked, and its details explain it.

use super::{
    super::{
        common::{self, BadLines, DateLimits, DateText},
        direction::Direction,
    },
    xml::Element,
};
use crate::domain::{
    currency::Currency, quantity::Amount, signed::Signed, statement::StatementLine, time::Date,
};
use crate::tabular::DecimalMark;

/// How many references of a batch, or texts of a detail, are listed.
const LISTED: usize = 100;

/// An `Ntry`.
pub(super) struct CamtEntry {
    pub(super) line: StatementLine,
    pub(super) currency: Currency,
    pub(super) direction: Direction,
    /// Why it is not a line, such as `pending`.
    pub(super) skipped: Option<&'static str>,
}

/// Reads an entry, or notes everything that is wrong with it.
pub(super) fn read(
    element: Element<'_>,
    limits: DateLimits,
    bad: &mut BadLines,
) -> Option<CamtEntry> {
    let place = element.line();
    let money = money(element, "Ntry", bad);
    let skipped = bad.take(place, "Ntry/Sts", status(element));
    let reversal = bad.take(place, "Ntry/RvslInd", flag(element.text_at(&["RvslInd"])));
    let dates = dates(element, skipped, limits, bad);
    let ((amount, currency, direction), dates) = (money?, dates?);
    let mut line = StatementLine {
        place,
        booking_date: dates.booking,
        value_date: dates.value,
        amount,
        balance: None,
        description: String::new(),
        reference: None,
        bank_id: None,
        end_to_end: None,
        counterparty_name: None,
        counterparty_account: None,
        reversal: reversal?,
    };
    explain(&mut line, element, direction);
    Some(CamtEntry {
        line,
        currency,
        direction,
        skipped: skipped?,
    })
}

/// The dates of an entry.
struct EntryDates {
    booking: Date,
    value: Option<Date>,
}

/// Reads the dates of an entry. `skipped` is the reason why it is not booked, or `None` if its status
/// is bad.
fn dates(
    element: Element<'_>,
    skipped: Option<Option<&str>>,
    limits: DateLimits,
    bad: &mut BadLines,
) -> Option<EntryDates> {
    let place = element.line();
    let value = element
        .child("ValDt")
        .and_then(day_of)
        .map(|day| day.and_then(|date| limits.value(date)));
    let value = value.map(|value| bad.take(place, "Ntry/ValDt", value));
    let booked = element
        .child("BookgDt")
        .and_then(day_of)
        .map(|day| day.and_then(|date| limits.booked(date)));
    let booked = match (booked, value, skipped) {
        (Some(booked), ..) => bad.take(place, "Ntry/BookgDt", booked),
        // A pending entry has no booking date, and none is needed to list it.
        (None, Some(value), _) => value.and_then(|date| match skipped {
            Some(Some(_)) => Some(date),
            Some(None) | None => bad.take(place, "Ntry/ValDt", limits.booked(date)),
        }),
        (None, None, Some(Some(_))) => Some(Date::default()),
        (None, None, Some(None) | None) => {
            bad.push(
                place,
                "Ntry/BookgDt",
                "the entry has neither a booking date nor a value date",
            );
            None
        }
    };
    if value == Some(None) {
        return None;
    }
    Some(EntryDates {
        booking: booked?,
        value: value.flatten(),
    })
}

/// Reads `Amt` with its currency and `CdtDbtInd`; the amount itself has no sign.
pub(super) fn money(
    element: Element<'_>,
    name: &str,
    bad: &mut BadLines,
) -> Option<(Signed, Currency, Direction)> {
    let written = element.child("Amt");
    let amount = plain_amount(written.map_or("", Element::text));
    let amount = bad.take(element.line(), &format!("{name}/Amt"), amount);
    let code = written.map_or("", Element::currency);
    let currency = bad.take(
        element.line(),
        &format!("{name}/Amt Ccy"),
        common::currency(code),
    );
    let direction = match element.text_at(&["CdtDbtInd"]) {
        Some("CRDT") => Ok(Direction::In),
        Some("DBIT") => Ok(Direction::Out),
        Some(_) | None => Err("this is neither CRDT nor DBIT".to_owned()),
    };
    let direction = bad.take(element.line(), &format!("{name}/CdtDbtInd"), direction)?;
    let signed = |amount| {
        if direction == Direction::In {
            Signed::credit(amount)
        } else {
            Signed::debit(amount)
        }
    };
    Some((signed(amount?), currency?, direction))
}

/// Reads an amount as XML writes decimals: with a point, and without marks between thousands.
///
/// # Errors
/// The reason, if the text is not an amount.
pub(super) fn plain_amount(text: &str) -> Result<Amount, String> {
    let text = text.trim();
    if text.contains(',') || text.matches('.').count() > 1 {
        return Err(format!("`{}` is not an amount", common::shown(text)));
    }
    common::amount(text.strip_prefix('+').unwrap_or(text), DecimalMark::Point)
}

/// Reads the date of a day or a time as the bank wrote it, without a shift between time zones.
///
/// # Errors
/// The reason, if the text is not a date.
pub(super) fn iso_day(text: &str) -> Result<Date, String> {
    let text = text.trim();
    let not_one = || format!("`{}` is not a date", common::shown(text));
    let (date, rest) = text.split_at_checked(10).ok_or_else(not_one)?;
    let mut parts = date.split('-');
    let (Some(year), Some(month), Some(day), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(not_one());
    };
    if !rest.is_empty() && !rest.starts_with(['T', 'Z', '+', '-']) {
        return Err(not_one());
    }
    common::day(DateText { year, month, day })
}

fn day_of(element: Element<'_>) -> Option<Result<Date, String>> {
    element
        .text_at(&["Dt"])
        .or_else(|| element.text_at(&["DtTm"]))
        .map(iso_day)
}

/// Reads why an entry is not a line, or `None` if it is booked.
fn status(element: Element<'_>) -> Result<Option<&'static str>, String> {
    let code = ["Cd", "Prtry"]
        .into_iter()
        .find_map(|name| element.text_at(&["Sts", name]));
    match code.or_else(|| element.text_at(&["Sts"])) {
        // The schema requires a status, and banks that leave it out list only booked entries.
        Some("BOOK") | None => Ok(None),
        Some("PDNG") => Ok(Some("pending")),
        Some("INFO") => Ok(Some("for information")),
        Some("FUTR") => Ok(Some("future")),
        Some(other) => Err(format!("`{}` is not a known status", common::shown(other))),
    }
}

fn flag(text: Option<&str>) -> Result<bool, String> {
    match text {
        None | Some("false" | "0") => Ok(false),
        Some("true" | "1") => Ok(true),
        Some(other) => Err(format!(
            "`{}` is neither true nor false",
            common::shown(other)
        )),
    }
}

/// Adds references, parties and words. An entry with one detail takes them from it; of a batch only
/// the references are listed.
fn explain(line: &mut StatementLine, element: Element<'_>, direction: Direction) {
    let details: Vec<Element<'_>> = element
        .all("NtryDtls")
        .flat_map(|details| details.all("TxDtls"))
        .collect();
    let servicer = element.text_at(&["AcctSvcrRef"]);
    line.bank_id = servicer.and_then(common::bank_id);
    let own = servicer.and_then(common::reference);
    line.reference = own.or_else(|| element.text_at(&["NtryRef"]).and_then(common::reference));
    let additional = element.text_at(&["AddtlNtryInf"]);
    match details.as_slice() {
        [] => {
            let batch = element
                .at(&["NtryDtls", "Btch"])
                .and_then(|batch| batch.text_at(&["PmtInfId"]));
            line.description = common::joined(additional.into_iter().chain(batch));
        }
        [detail] => {
            line.description = common::joined(words(*detail).into_iter().chain(additional));
            explain_one(line, *detail, direction);
        }
        several => {
            let references: Vec<String> = several
                .iter()
                .filter_map(|detail| own_reference(*detail))
                .collect();
            let more = references
                .len()
                .checked_sub(LISTED)
                .filter(|more| *more > 0);
            let rest = more
                .map(|more| format!(" and {more} more"))
                .unwrap_or_default();
            let listed = references
                .into_iter()
                .take(LISTED)
                .collect::<Vec<_>>()
                .join(", ")
                + &rest;
            let count = format!("{} transactions", several.len());
            let list = if listed.is_empty() {
                count
            } else {
                format!("{count}: {listed}")
            };
            line.description = common::joined(additional.into_iter().chain([list.as_str()]));
        }
    }
}

/// Takes references and the other party from the only detail of an entry.
fn explain_one(line: &mut StatementLine, detail: Element<'_>, direction: Direction) {
    let reference = |name: &str| detail.text_at(&["Refs", name]).and_then(common::reference);
    line.bank_id = line.bank_id.take().or_else(|| {
        detail
            .text_at(&["Refs", "AcctSvcrRef"])
            .and_then(common::bank_id)
    });
    line.end_to_end = reference("EndToEndId");
    let others = [
        "AcctSvcrRef",
        "TxId",
        "InstrId",
        "PmtInfId",
        "ChqNb",
        "MsgId",
    ];
    line.reference = line
        .reference
        .take()
        .or_else(|| others.into_iter().find_map(reference));
    // The other party pays what comes in and receives what goes out. Some banks name only one
    // party, whichever it is.
    let (debtor, creditor) = (("Dbtr", "DbtrAcct"), ("Cdtr", "CdtrAcct"));
    let debtor_first = (direction == Direction::In) != line.reversal;
    let parties = if debtor_first {
        [debtor, creditor]
    } else {
        [creditor, debtor]
    };
    for (party, account) in parties {
        let Some(related) = detail.child("RltdPties") else {
            return;
        };
        let name = [
            &[party, "Nm"][..],
            &[party, "Pty", "Nm"],
            &[party, "Agt", "FinInstnId", "Nm"],
        ];
        let name = name
            .into_iter()
            .find_map(|path| related.text_at(path))
            .and_then(common::filled);
        let number = [&[account, "Id", "IBAN"][..], &[account, "Id", "Othr", "Id"]];
        let number = number
            .into_iter()
            .find_map(|path| related.text_at(path))
            .and_then(common::reference);
        if name.is_some() || number.is_some() {
            (line.counterparty_name, line.counterparty_account) = (name, number);
            return;
        }
    }
}

/// Lists what a detail says in words: the remittance text, references in it, and what the bank
/// adds.
fn words(detail: Element<'_>) -> Vec<&str> {
    let mut words = Vec::new();
    for remittance in detail.all("RmtInf") {
        words.extend(remittance.all("Ustrd").map(Element::text));
        for structured in remittance.all("Strd") {
            words.extend(structured.text_at(&["CdtrRefInf", "Ref"]));
            words.extend(structured.all("AddtlRmtInf").map(Element::text));
        }
    }
    words.truncate(LISTED);
    words.extend(detail.text_at(&["AddtlTxInf"]));
    words
}

/// Returns the reference of a detail of a batch.
fn own_reference(detail: Element<'_>) -> Option<String> {
    let names = ["EndToEndId", "TxId", "InstrId", "AcctSvcrRef"];
    names
        .into_iter()
        .find_map(|name| detail.text_at(&["Refs", name]).and_then(common::reference))
}
