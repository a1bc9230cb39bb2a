//! What the words of a header mean.

use crate::domain::currency::Currency;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Date,
    ValueDate,
    Description,
    Reference,
    BankId,
    Amount,
    Debit,
    Credit,
    Direction,
    /// A type of transaction: a direction only where every cell is one.
    Type,
    Balance,
    Currency,
    Status,
    Account,
    EndToEnd,
    CounterpartyName,
    CounterpartyAccount,
}

/// A column's role, and how well the words fit: the lower the better.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Heading {
    pub(super) role: Role,
    pub(super) rank: usize,
    pub(super) currency: Option<Currency>,
}

/// Whole headings, the best first, as [`plain`] writes them.
const WHOLE: [(Role, &[&str]); 17] = [
    (
        Role::Date,
        &[
            "posting date",
            "post date",
            "posted date",
            "date posted",
            "booking date",
            "booked date",
            "date booked",
            "date processed",
            "processed date",
            "process date",
            "completed date",
            "date completed",
            "completion time",
            "buchungstag",
            "buchungsdatum",
            "boekingsdatum",
            "boekdatum",
            "date comptable",
            "date de comptabilisation",
            "date operation",
            "date d operation",
            "date opération",
            "date d opération",
            "date",
            "datum",
            "transaction date",
            "trans date",
            "transdate",
            "tran date",
            "txn date",
            "trx date",
            "date of transaction",
            "transactiedatum",
            "date time",
            "transaction date time",
            "entry date",
            "actual transaction date",
            "actual date",
            "create date",
            "created date",
            "date created",
            "created at",
            "fecha",
            "data",
            "time",
        ],
    ),
    (
        Role::ValueDate,
        &[
            "value date",
            "valuedate",
            "val date",
            "value dt",
            "date value",
            "valuta",
            "valutadatum",
            "wertstellung",
            "wertstellungstag",
            "date valeur",
            "date de valeur",
            "rentedatum",
            "effective date",
            "fecha valor",
            "data valuta",
        ],
    ),
    (
        Role::Description,
        &[
            "narration",
            "narrative",
            "description",
            "transaction description",
            "transaction details",
            "transaction detail",
            "details",
            "detail",
            "remarks",
            "remark",
            "particulars",
            "particular",
            "transaction narration",
            "transaction remarks",
            "memo",
            "text",
            "omschrijving",
            "mededelingen",
            "vrije mededeling",
            "verwendungszweck",
            "buchungstext",
            "libellé",
            "libelle",
            "détails",
            "concept",
            "concepto",
            "beschreibung",
            "payment details",
            "note",
            "notes",
            "purpose",
        ],
    ),
    (
        Role::Reference,
        &[
            "reference",
            "ref",
            "reference no",
            "reference number",
            "ref no",
            "ref number",
            "transaction reference",
            "transaction ref",
            "trans ref",
            "tran ref",
            "customer reference",
            "payment reference",
            "bank reference",
            "referentie",
            "kenmerk",
            "referenz",
            "référence",
            "gestructureerde mededeling",
            "cheque no",
            "cheque number",
            "chq no",
            "chq ref no",
            "cheque ref no",
            "check number",
            "instrument no",
            "instrument number",
            "instrument id",
            "instrument",
            "cheque",
            "chq",
        ],
    ),
    (
        Role::BankId,
        &[
            "transaction id",
            "trans id",
            "tran id",
            "txn id",
            "transactionid",
            "unique id",
            "unique transaction id",
            "bank id",
            "entry id",
            "transaction number",
            "transaction no",
            "fitid",
            "session id",
            "sessionid",
        ],
    ),
    (
        Role::Amount,
        &[
            "amount",
            "transaction amount",
            "trans amount",
            "tran amount",
            "txn amount",
            "amt",
            "bedrag",
            "betrag",
            "umsatz",
            "montant",
            "importe",
            "value",
        ],
    ),
    (
        Role::Debit,
        &[
            "debit",
            "debits",
            "debit amount",
            "debit amt",
            "amount debit",
            "withdrawal",
            "withdrawals",
            "withdrawal amount",
            "withdrawal amt",
            "paid out",
            "money out",
            "amount debited",
            "debited",
            "debet",
            "af",
            "soll",
            "belastung",
            "débit",
            "pay out",
            "outflow",
            "dr",
            "payments",
            "withdrawn",
            "out",
            "amount out",
            "settlement debit",
            "debit dr",
            "dr amount",
            "spent",
        ],
    ),
    (
        Role::Credit,
        &[
            "credit",
            "credits",
            "credit amount",
            "credit amt",
            "amount credit",
            "deposit",
            "deposits",
            "deposit amount",
            "deposit amt",
            "lodgement",
            "lodgements",
            "lodgment",
            "lodgments",
            "paid in",
            "money in",
            "amount credited",
            "credited",
            "bij",
            "haben",
            "gutschrift",
            "crédit",
            "pay in",
            "inflow",
            "cr",
            "receipts",
            "received",
            "in",
            "amount in",
            "settlement credit",
            "credit cr",
            "cr amount",
        ],
    ),
    (
        Role::Direction,
        &[
            "dr cr",
            "cr dr",
            "debit credit",
            "credit debit",
            "d c",
            "c d",
            "dc",
            "drcr",
            "crdr",
            "af bij",
            "soll haben",
            "s h",
            "sign",
            "direction",
            "indicator",
            "debit credit indicator",
            "dr cr indicator",
            "cr dr indicator",
            "entry type",
            "drcr flag",
            "dr cr flag",
        ],
    ),
    (
        Role::Type,
        &[
            "type",
            "transaction type",
            "trans type",
            "tran type",
            "txn type",
        ],
    ),
    (
        Role::Balance,
        &[
            "running balance",
            "balance after",
            "balance",
            "account balance",
            "book balance",
            "ledger balance",
            "closing balance",
            "saldo",
            "solde",
            "kontostand",
            "saldo na mutatie",
            "saldo na trn",
            "current balance",
            "bal",
            "available balance",
        ],
    ),
    (
        Role::Currency,
        &[
            "currency",
            "ccy",
            "curr",
            "currency code",
            "munt",
            "währung",
            "waehrung",
            "devise",
            "moneda",
            "account currency",
        ],
    ),
    (
        Role::Status,
        &[
            "status",
            "transaction status",
            "state",
            "trans status",
            "payment status",
            "txn status",
            "info",
        ],
    ),
    (
        Role::Account,
        &[
            "account number",
            "account no",
            "account",
            "acct no",
            "account id",
            "rekeningnummer",
            "rekening",
            "kontonummer",
            "konto",
            "iban",
            "compte",
            "nuban",
        ],
    ),
    (
        Role::EndToEnd,
        &[
            "end to end id",
            "end to end reference",
            "endtoendid",
            "endtoend id",
            "end to end",
        ],
    ),
    (
        Role::CounterpartyName,
        &[
            "counterparty",
            "counterparty name",
            "naam tegenpartij",
            "beneficiary name",
            "beneficiary",
            "payee",
            "empfänger",
            "to from",
            "beguenstigter zahlungspflichtiger",
            "begünstigter zahlungspflichtiger",
            "auftraggeber empfänger",
            "name zahlungsbeteiligter",
        ],
    ),
    (
        Role::CounterpartyAccount,
        &[
            "counterparty account",
            "rekeningnummer tegenpartij",
            "beneficiary account",
            "beneficiary account number",
            "tegenrekening",
            "iban zahlungsbeteiligter",
        ],
    ),
];

/// Single words that tell a heading that is not known as a whole; the first that stands in it
/// counts.
const PARTS: [(Role, &[&str]); 9] = [
    (Role::ValueDate, &["valuta", "valeur"]),
    (Role::Balance, &["balance", "saldo", "solde"]),
    (
        Role::Debit,
        &[
            "debit",
            "debits",
            "withdrawal",
            "withdrawals",
            "debet",
            "débit",
        ],
    ),
    (
        Role::Credit,
        &[
            "credit",
            "credits",
            "deposit",
            "deposits",
            "lodgement",
            "lodgements",
            "lodgment",
            "crédit",
        ],
    ),
    (Role::Date, &["date", "datum"]),
    (
        Role::Description,
        &[
            "narration",
            "narrative",
            "description",
            "details",
            "remarks",
            "particulars",
            "omschrijving",
            "verwendungszweck",
            "libellé",
        ],
    ),
    (Role::Reference, &["reference", "ref", "referentie"]),
    (Role::Amount, &["amount", "bedrag", "betrag", "montant"]),
    (Role::Status, &["status"]),
];

/// Words that make a heading something else, such as the day of a balance before the line.
const OTHERS: [&str; 26] = [
    "before",
    "birth",
    "due",
    "expiry",
    "opening",
    "original",
    "fee",
    "charge",
    "charges",
    "rate",
    "tax",
    "vat",
    "card",
    "beneficiary",
    "source",
    "sender",
    "counterparty",
    "foreign",
    "total",
    "count",
    "period",
    "printed",
    "tegenpartij",
    "updated",
    "reversal",
    "branch",
];

/// Writes a heading in small letters, without punctuation and what stands in parentheses.
pub(super) fn plain(heading: &str) -> String {
    let (mut plain, mut depth) = (String::new(), 0_u32);
    for c in heading.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ if c.is_alphanumeric() => plain.extend(c.to_lowercase()),
            _ if !plain.is_empty() && !plain.ends_with(' ') => plain.push(' '),
            _ => {}
        }
    }
    plain.truncate(plain.trim_end().len());
    plain
}

/// Finds the currency that a heading names, such as `Amount(NGN)` or `Paid in (£)`.
fn currency_in(heading: &str) -> Option<Currency> {
    let signs = [('\u{20a6}', "NGN"), ('£', "GBP"), ('€', "EUR")];
    if let Some((_, code)) = signs.iter().find(|(sign, _)| heading.contains(*sign)) {
        return Currency::parse(code).ok();
    }
    let words = heading.split(|c: char| !c.is_ascii_alphanumeric());
    let mut codes =
        words.filter(|word| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase()));
    // `ALL` and `TRY` are currencies and words; in a heading in capitals they are words.
    codes.find_map(|word| {
        Currency::parse(word)
            .ok()
            .filter(|_| !matches!(word, "ALL" | "TRY" | "TOP"))
    })
}

/// Tells what a heading means.
pub(super) fn heading(text: &str) -> Option<Heading> {
    if text.is_empty() || text.len() > 80 {
        return None;
    }
    let mut plain = plain(text);
    if plain.is_empty() && text.starts_with(['(', '[']) {
        plain = self::plain(text.trim_matches(['(', ')', '[', ']']));
    }
    let money_currency = currency_in(text);
    if let Some((rest, last)) = plain.rsplit_once(' ')
        && money_currency.is_some_and(|currency| currency.code().eq_ignore_ascii_case(last))
    {
        plain.truncate(rest.trim_end_matches(" in").len());
    }
    let whole = WHOLE
        .iter()
        .find_map(|(role, texts)| Some((*role, texts.iter().position(|text| *text == plain)?)));
    let (role, rank) = match whole {
        Some(found) => found,
        None => (part(&plain)?, 1_000),
    };
    let is_money = matches!(
        role,
        Role::Amount | Role::Debit | Role::Credit | Role::Balance
    );
    Some(Heading {
        role,
        rank,
        currency: money_currency.filter(|_| is_money),
    })
}

/// Reads an unknown heading by its words.
fn part(plain: &str) -> Option<Role> {
    let words: Vec<&str> = plain.split(' ').collect();
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(word));
    if words.len() > 6 || has(&OTHERS) {
        return None;
    }
    if has(&["value"]) && has(&["date"]) {
        return Some(Role::ValueDate);
    }
    let both = |out: &[&str], back: &[&str]| has(out) && has(back);
    if both(&["debit", "dr", "debits"], &["credit", "cr", "credits"]) {
        return Some(Role::Direction);
    }
    PARTS
        .iter()
        .find(|(_, parts)| has(parts))
        .map(|(role, _)| *role)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_are_known_by_their_words() {
        for (text, role) in [
            ("Trans Date", Role::Date),
            ("Trans. Date", Role::Date),
            ("TransDate", Role::Date),
            ("Value Date", Role::ValueDate),
            ("Withdrawals (SGD)", Role::Debit),
            ("Lodgements", Role::Credit),
            ("Paid In (£)", Role::Credit),
            ("DEBIT AMOUNT", Role::Debit),
            ("Amount(NGN)", Role::Amount),
            ("Amount NGN", Role::Amount),
            ("DR/CR", Role::Direction),
            ("Debit/Credit", Role::Direction),
            ("Running Balance", Role::Balance),
            ("Balance After (NGN)", Role::Balance),
            ("Chq. No.", Role::Reference),
            ("To / From", Role::CounterpartyName),
            ("Omschrijving", Role::Description),
            ("Remarks\n", Role::Description),
            ("Credit Amount in NGN", Role::Credit),
        ] {
            assert_eq!(
                heading(text).map(|heading| heading.role),
                Some(role),
                "{text}"
            );
        }
        for text in [
            "Balance Before (NGN)",
            "Originating Branch",
            "Charge (NGN)",
            "S/No",
            "Category",
            "",
            "Statement of Account",
        ] {
            assert_eq!(heading(text), None, "{text}");
        }
        let code = |text: &str| heading(text).unwrap().currency.map(Currency::code);
        assert_eq!(code("Amount(NGN)"), Some("NGN"));
        assert_eq!(code("Deposits (SGD)"), Some("SGD"));
        assert_eq!(code("Money In (\u{20a6})"), Some("NGN"));
        assert_eq!(code("DATE"), None);
    }
}
