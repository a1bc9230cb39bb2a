//! The reconciliation as a report: every line and payment in one class, and the proof that nothing
//! is missing.

use std::collections::{BTreeMap, HashMap};

use crate::domain::{
    bank::{BankLine, ClassifiedPayment, FundAccount, ImportedStatement},
    code::{Code, FileNumber, LineNumber, StatementNumber, WithdrawalNumber},
    currency::Currency,
    id::{BankAccountId, EventId},
    masking::{Place, masked},
    matching::{Class, LinkKind},
    quantity::{Amount, Total},
    signed::Signed,
    status::Means,
    time::{Date, DayRange},
};

/// The days between an opening balance and a closing balance of an account, as its statements give
/// them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The balance before the first line.
    pub opening: Signed,
    /// The balance after the last line, as the bank gives it.
    pub closing: Signed,
    /// The days.
    pub days: DayRange,
    /// The statement that gives the opening balance.
    pub opened_by: StatementNumber,
    /// The statement that gives the closing balance.
    pub closed_by: StatementNumber,
}

impl Span {
    /// Returns by how much the bank's closing balance differs from the opening one and the lines
    /// between, or `None` if the sums have too many digits.
    pub fn difference(&self, lines: Signed) -> Option<Signed> {
        self.closing.checked_sub(self.opening.checked_add(lines)?)
    }
}

/// Finds the longest span that an account's statements give: the first opening balance and the last
/// closing one that lies on or before `through`.
pub fn span(statements: &[ImportedStatement], through: Option<Date>) -> Option<Span> {
    let within = |last: Date| through.is_none_or(|through| last <= through);
    let dated = || {
        statements
            .iter()
            .filter_map(|statement| Some((statement, statement.dates?)))
    };
    let seen = || dated().filter(|(_, days)| within(days.last));
    let opens = seen()
        .filter_map(|(statement, days)| Some((days.first, statement.number, statement.opening?)))
        .min();
    let closes = seen()
        .filter_map(|(statement, days)| Some((days.last, statement.number, statement.closing?)))
        .max();
    let ((first, opened_by, opening), (last, closed_by, closing)) = opens.zip(closes)?;
    Some(Span {
        opening,
        closing,
        days: DayRange::new(first, last)?,
        opened_by,
        closed_by,
    })
}

/// Returns the last day to which an account's statements cover without a gap, from the first one
/// on. A statement covers its period; where days lie between two, the later one opens with the
/// closing balance of the one before it.
pub fn covered_to(statements: &[ImportedStatement], through: Option<Date>) -> Option<Date> {
    let mut dated: Vec<(DayRange, &ImportedStatement)> = statements
        .iter()
        .filter(|statement| statement.voided.is_none())
        .filter_map(|statement| Some((statement.dates?, statement)))
        .collect();
    dated.sort_by_key(|(days, statement)| (days.first, days.last, statement.number));
    let mut covered: Option<(Date, Option<Signed>)> = None;
    for (days, statement) in dated {
        if let Some((last, closing)) = covered {
            let balances = closing.zip(statement.opening);
            let meets = match balances {
                _ if days.first <= last => true,
                Some((closing, opening)) => closing == opening,
                None => days.first.signed_duration_since(last).num_days() <= 1,
            };
            if !meets {
                break;
            }
        }
        if covered.is_none_or(|(last, _)| last <= days.last) {
            covered = Some((days.last, statement.closing));
        }
    }
    let last = covered.map(|(last, _)| last)?;
    Some(through.map_or(last, |through| last.min(through)))
}

/// An item of an exported payment file that no line shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentItem {
    /// The withdrawal.
    pub withdrawal: WithdrawalNumber,
    /// The file.
    pub file: FileNumber,
    /// The holder's code.
    pub holder: Code,
    /// The event.
    pub event: EventId,
    /// The account that pays the file.
    pub account: BankAccountId,
    /// The amount.
    pub amount: Amount,
    /// The currency.
    pub currency: Currency,
    /// When the bank was to pay.
    pub execution_date: Date,
    /// Why it is left.
    pub detail: Option<String>,
}

/// How old money is that the ledger says was paid and the bank does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Age {
    /// Up to 1 day.
    UpTo1,
    /// 2 to 5 days.
    UpTo5,
    /// 6 to 30 days.
    UpTo30,
    /// More than 30 days.
    Older,
}

/// A class of a currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassRow {
    /// The class; `balance_break` if it is not that of a line or a payment.
    pub class: &'static str,
    /// The currency.
    pub currency: Currency,
    /// How many bank lines.
    pub lines: u64,
    /// Their sum.
    pub lines_total: Signed,
    /// How many payments.
    pub payments: u64,
    /// Their sum.
    pub payments_total: Signed,
    /// How old the oldest is, in days.
    pub oldest_days: i64,
}

/// A line, a payment or a balance that is still to be settled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenItem {
    /// Its class.
    pub class: &'static str,
    /// Its name: `L-000001`, `P-000001`, or the statement of a balance.
    pub name: String,
    /// The bank account, if it is known.
    pub account: Option<Code>,
    /// Its day.
    pub date: Date,
    /// How old it is, in days.
    pub age_days: i64,
    /// Its amount: money out is negative.
    pub amount: Signed,
    /// The currency.
    pub currency: Currency,
    /// What the bank writes, or the holder.
    pub description: String,
    /// The names of what it is compared with.
    pub with: Vec<String>,
    /// Why it is not settled.
    pub detail: Option<String>,
}

/// The proof of an account: opening + lines = closing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BankProof {
    /// The account.
    pub account: Code,
    /// The currency.
    pub currency: Currency,
    /// What its statements say, if they have balances at all.
    pub span: Option<Span>,
    /// The sum of the lines of those days.
    pub lines: Signed,
    /// The bank's closing balance less opening and lines.
    pub difference: Option<Signed>,
}

/// The proof of the ledger's payments in a currency: payments = matched + returned + settled +
/// outstanding,
/// and what is matched is on the bank with the same sum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerProof {
    /// The currency.
    pub currency: Currency,
    /// All payments.
    pub payments: Signed,
    /// Those that are matched.
    pub matched: Signed,
    /// Those that the bank sent back or never had.
    pub returned: Signed,
    /// Those that no bank line will ever show: settled by hand, or paid off the bank.
    pub settled: Signed,
    /// Those that are not settled.
    pub outstanding: Signed,
    /// The bank lines that the matched and the returned ones are linked to.
    pub on_bank: Signed,
    /// What is linked less what is on the bank: nothing.
    pub difference: Signed,
}

/// The payments of an age that the bank does not show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgeTotal {
    /// The currency.
    pub currency: Currency,
    /// The age.
    pub age: Age,
    /// How many payments.
    pub payments: u64,
    /// Their sum.
    pub total: Signed,
}

/// The payments of some means that no bank line shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeansTotal {
    /// The means.
    pub means: Means,
    /// The currency.
    pub currency: Currency,
    /// How many payments.
    pub payments: u64,
    /// Their sum.
    pub total: Signed,
}

/// The reconciliation as a report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reconciliation {
    /// The classes, by currency and in the order of the classes.
    pub classes: Vec<ClassRow>,
    /// The payments that the bank does not show, by currency and age.
    pub ages: Vec<AgeTotal>,
    /// The payments that no bank line shows, by means and currency.
    pub off_bank: Vec<MeansTotal>,
    /// What is still to be settled, by class and then by age.
    pub items: Vec<OpenItem>,
    /// The proof of each account.
    pub bank: Vec<BankProof>,
    /// The proof of each currency.
    pub ledger: Vec<LedgerProof>,
}

/// Adds lines and payments up into a report.
#[derive(Debug)]
pub struct Builder {
    day: Date,
    classes: BTreeMap<(&'static str, usize), ClassRow>,
    ages: BTreeMap<(&'static str, Age), AgeTotal>,
    off_bank: BTreeMap<(Means, &'static str), MeansTotal>,
    items: Vec<(usize, OpenItem)>,
    bank: Vec<BankProof>,
    ledger: BTreeMap<&'static str, LedgerProof>,
    /// The amounts of lines that are linked to payments, until a payment counts them.
    linked: HashMap<LineNumber, Signed>,
}

/// The place of `balance_break` among the classes: after all others.
const BALANCE_BREAK: usize = usize::MAX;

/// Checks whether a payment of a class may have lines that are matched with it.
const fn is_matched(class: Class) -> bool {
    matches!(
        class,
        Class::Matched
            | Class::MatchedGroup
            | Class::Returned
            | Class::ReturnedUnproven
            | Class::Settled
    )
}

impl Age {
    /// All ages.
    pub const ALL: [Self; 4] = [Self::UpTo1, Self::UpTo5, Self::UpTo30, Self::Older];

    /// Shows the days.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::UpTo1 => "0-1",
            Self::UpTo5 => "2-5",
            Self::UpTo30 => "6-30",
            Self::Older => "30+",
        }
    }

    /// Returns the age of so many days.
    pub const fn of(days: i64) -> Self {
        match days {
            ..=1 => Self::UpTo1,
            2..=5 => Self::UpTo5,
            6..=30 => Self::UpTo30,
            31.. => Self::Older,
        }
    }
}

impl Builder {
    /// Begins a report whose ages are counted up to `day`.
    pub fn at(day: Date) -> Self {
        Self {
            day,
            classes: BTreeMap::new(),
            ages: BTreeMap::new(),
            off_bank: BTreeMap::new(),
            items: Vec::new(),
            bank: Vec::new(),
            ledger: BTreeMap::new(),
            linked: HashMap::new(),
        }
    }

    /// Notes the amount of a line that payments may be linked to, whether or not the report lists
    /// it. `outside` is what payments that the report does not list have of it. Returns `None` if
    /// the difference has too many digits.
    pub fn know(&mut self, line: &BankLine, outside: Total) -> Option<()> {
        if line.classification.link_kind == Some(LinkKind::Payment)
            && line.classification.class != Class::Proposed
        {
            self.linked.insert(
                line.number,
                line.line.amount.negated().checked_sub(outside.into())?,
            );
        }
        Some(())
    }

    /// Adds a line, or returns `None` if the sums have too many digits.
    pub fn line(&mut self, line: &BankLine) -> Option<()> {
        let (class, date) = (line.classification.class, line.line.booking_date);
        let age_days = self.days_since(date);
        let row = self.row(class, line.currency);
        row.lines += 1;
        row.lines_total = row.lines_total.checked_add(line.line.amount)?;
        row.oldest_days = row.oldest_days.max(age_days);
        if class.is_left() {
            let payments = line
                .classification
                .payments
                .iter()
                .map(|(withdrawal, payment)| match payment {
                    Some(payment) => payment.to_string(),
                    None => withdrawal.to_string(),
                });
            let with = payments
                .chain(line.classification.lines.iter().map(ToString::to_string))
                .collect();
            let item = OpenItem {
                class: class.as_str(),
                name: line.number.to_string(),
                account: Some(line.account.code.clone()),
                date,
                age_days,
                amount: line.line.amount,
                currency: line.currency,
                description: masked(&line.line.description, &line.known_accounts, Place::Text)
                    .into_owned(),
                with,
                detail: line.classification.detail.clone(),
            };
            self.items.push((place(class), item));
        }
        Some(())
    }

    /// Adds a payment, or returns `None` if the sums have too many digits.
    pub fn payment(&mut self, payment: &ClassifiedPayment, account: Option<&Code>) -> Option<()> {
        let (class, currency) = (payment.class, payment.currency);
        let (age_days, amount) = (self.days_since(payment.date), Signed::from(payment.amount));
        let row = self.row(class, currency);
        row.payments += 1;
        row.payments_total = row.payments_total.checked_add(amount)?;
        row.oldest_days = row.oldest_days.max(age_days);
        self.prove(payment, amount)?;
        if class == Class::OffBank {
            let means = payment.means;
            let place = self.off_bank.entry((means, currency.code()));
            let total = place.or_insert(MeansTotal {
                means,
                currency,
                payments: 0,
                total: Signed::ZERO,
            });
            total.payments += 1;
            total.total = total.total.checked_add(amount)?;
        }
        if class == Class::PaidNotOnBank {
            let age = self
                .ages
                .entry((currency.code(), Age::of(age_days)))
                .or_insert(AgeTotal {
                    currency,
                    age: Age::of(age_days),
                    payments: 0,
                    total: Signed::ZERO,
                });
            age.payments += 1;
            age.total = age.total.checked_add(amount)?;
        }
        if class.is_left_after(age_days) {
            let item = OpenItem {
                class: class.as_str(),
                name: payment.payment.to_string(),
                account: account.cloned(),
                date: payment.date,
                age_days,
                amount: amount.negated(),
                currency,
                description: payment.holder.to_string(),
                with: payment.lines.iter().map(ToString::to_string).collect(),
                detail: payment.detail.clone(),
            };
            self.items.push((place(class), item));
        }
        Some(())
    }

    /// Adds an item that was sent and is not on the bank, or returns `None` if the sums have too many
    /// digits.
    pub fn sent(&mut self, item: &SentItem, account: Option<&Code>) -> Option<()> {
        let (class, amount) = (Class::SentNotOnBank, Signed::from(item.amount));
        let age_days = self.days_since(item.execution_date);
        let row = self.row(class, item.currency);
        row.payments += 1;
        row.payments_total = row.payments_total.checked_add(amount)?;
        row.oldest_days = row.oldest_days.max(age_days);
        let open = OpenItem {
            class: class.as_str(),
            name: item.withdrawal.to_string(),
            account: account.cloned(),
            date: item.execution_date,
            age_days,
            amount: amount.negated(),
            currency: item.currency,
            description: item.holder.to_string(),
            with: vec![item.file.to_string()],
            detail: item.detail.clone(),
        };
        self.items.push((place(class), open));
        Some(())
    }

    fn prove(&mut self, payment: &ClassifiedPayment, amount: Signed) -> Option<()> {
        let nothing = Signed::ZERO;
        let mut on_bank = nothing;
        if is_matched(payment.class) {
            for line in &payment.lines {
                on_bank = on_bank.checked_add(self.linked.remove(line).unwrap_or(nothing))?;
            }
        }
        let currency = payment.currency;
        let proof = self
            .ledger
            .entry(currency.code())
            .or_insert_with(|| LedgerProof {
                currency,
                payments: nothing,
                matched: nothing,
                returned: nothing,
                settled: nothing,
                outstanding: nothing,
                on_bank: nothing,
                difference: nothing,
            });
        proof.payments = proof.payments.checked_add(amount)?;
        let part = match payment.class {
            Class::Matched | Class::MatchedGroup => &mut proof.matched,
            Class::Returned | Class::NeverSent => &mut proof.returned,
            Class::Settled | Class::OffBank => &mut proof.settled,
            Class::Proposed
            | Class::Ambiguous
            | Class::AmountDiffers
            | Class::DateOutOfWindow
            | Class::PaidNotOnBank
            | Class::SentNotOnBank
            | Class::OnBankNotInLedger
            | Class::UnexpectedCredit
            | Class::DuplicatePayment
            | Class::ReturnedUnproven
            | Class::ChequeOutstanding
            | Class::UnlinkedReversal
            | Class::FeeTaxLevy
            | Class::Resolved
            | Class::Awaited
            | Class::Void => &mut proof.outstanding,
        };
        *part = part.checked_add(amount)?;
        proof.on_bank = proof.on_bank.checked_add(on_bank)?;
        if !payment.lines.is_empty() && is_matched(payment.class) {
            proof.difference = proof.difference.checked_add(amount)?;
        }
        proof.difference = proof.difference.checked_sub(on_bank)?;
        Some(())
    }

    /// Adds the proof of an account, or returns `None` if the sums have too many digits.
    pub fn account(
        &mut self,
        account: &FundAccount,
        span: Option<Span>,
        lines: Signed,
    ) -> Option<()> {
        let difference = span.and_then(|span| span.difference(lines));
        let (code, currency) = (account.account.code.clone(), account.currency);
        if let Some((span, difference)) = span
            .zip(difference)
            .filter(|(_, difference)| !difference.is_zero())
        {
            let date = span.days.last;
            let age_days = self.days_since(date);
            let entry = self.classes.entry((currency.code(), BALANCE_BREAK));
            let row = entry.or_insert_with(|| empty("balance_break", currency));
            row.lines_total = row.lines_total.checked_add(difference)?;
            row.oldest_days = row.oldest_days.max(age_days);
            let item = OpenItem {
                class: "balance_break",
                name: span.closed_by.to_string(),
                account: Some(code.clone()),
                date,
                age_days,
                amount: difference,
                currency,
                description: format!("closing balance of {}", span.closed_by),
                with: vec![span.opened_by.to_string()],
                detail: Some(
                    "the closing balance is not the opening balance and the lines".to_owned(),
                ),
            };
            self.items.push((BALANCE_BREAK, item));
        }
        self.bank.push(BankProof {
            account: code,
            currency,
            span,
            lines,
            difference,
        });
        Some(())
    }

    /// Ends the report.
    pub fn finish(mut self) -> Reconciliation {
        let key = |(place, item): &(usize, OpenItem)| {
            (*place, std::cmp::Reverse(item.age_days), item.name.clone())
        };
        self.items.sort_by_cached_key(key);
        Reconciliation {
            classes: self.classes.into_values().collect(),
            ages: self.ages.into_values().collect(),
            off_bank: self.off_bank.into_values().collect(),
            items: self.items.into_iter().map(|(_, item)| item).collect(),
            bank: self.bank,
            ledger: self.ledger.into_values().collect(),
        }
    }

    fn row(&mut self, class: Class, currency: Currency) -> &mut ClassRow {
        let entry = self.classes.entry((currency.code(), place(class)));
        entry.or_insert_with(|| empty(class.as_str(), currency))
    }

    fn days_since(&self, date: Date) -> i64 {
        self.day.signed_duration_since(date).num_days().max(0)
    }
}

fn empty(class: &'static str, currency: Currency) -> ClassRow {
    let (lines_total, payments_total) = (Signed::ZERO, Signed::ZERO);
    ClassRow {
        class,
        currency,
        lines: 0,
        lines_total,
        payments: 0,
        payments_total,
        oldest_days: 0,
    }
}

fn place(class: Class) -> usize {
    Class::ALL
        .iter()
        .position(|known| *known == class)
        .unwrap_or(BALANCE_BREAK)
}
