//! Lines, payments and remittances added up into the report, one after the other.

use std::collections::{BTreeMap, HashMap};

use super::{
    Age, AgeTotal, BankProof, ClassRow, LedgerProof, MeansTotal, OpenItem, Reconciliation,
    SentItem, coverage::Span,
};
use crate::domain::{
    bank::{BankLine, ClassifiedPayment, FundAccount},
    code::{Code, LineNumber},
    currency::Currency,
    masking::{Place, masked},
    matching::{Class, LinkKind},
    quantity::Total,
    signed::Signed,
    status::Means,
    tax::on_bank::RemittanceOnBank,
    time::Date,
};

/// Adds lines, payments and remittances up into a report.
#[derive(Debug)]
pub struct Builder {
    day: Date,
    classes: BTreeMap<(&'static str, usize), ClassRow>,
    ages: BTreeMap<(&'static str, Age), AgeTotal>,
    off_bank: BTreeMap<(Means, &'static str), MeansTotal>,
    items: Vec<(usize, OpenItem)>,
    bank: Vec<BankProof>,
    ledger: BTreeMap<&'static str, LedgerProof>,
    /// The amounts of lines that are linked to payments or remittances, until one of these counts
    /// them.
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

    /// Notes the amount of a line that payments or a remittance may be linked to, whether or not the report lists
    /// it. `outside` is what payments that the report does not list have of it. Returns `None` if
    /// the difference has too many digits.
    pub fn know(&mut self, line: &BankLine, outside: Total) -> Option<()> {
        let links = matches!(
            line.classification.link_kind,
            Some(LinkKind::Payment | LinkKind::Remittance)
        );
        if links && line.classification.class != Class::Proposed {
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
            let remittances = &line.classification.remittances;
            let with = payments
                .chain(remittances.iter().map(ToString::to_string))
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
            let age = self.age(age_days, currency);
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

    /// Adds a remittance, or returns `None` if the sums have too many digits. `with` are lines that
    /// are about it and do not show it for certain.
    pub fn remittance(
        &mut self,
        of: &RemittanceOnBank,
        account: Option<&Code>,
        with: &[LineNumber],
    ) -> Option<()> {
        let (remittance, class) = (&of.remittance, of.class());
        let (currency, amount) = (remittance.currency, Signed::from(remittance.amount));
        let age_days = self.days_since(remittance.payment_date);
        let row = self.row(class, currency);
        row.remittances += 1;
        row.remittances_total = row.remittances_total.checked_add(amount)?;
        row.oldest_days = row.oldest_days.max(age_days);
        self.prove_remittance(of, amount)?;
        if class == Class::PaidNotOnBank {
            let age = self.age(age_days, currency);
            age.remittances += 1;
            age.remittances_total = age.remittances_total.checked_add(amount)?;
        }
        if class.is_left() {
            let own = of.link.as_ref().map(|link| link.line);
            let others = with.iter().copied().filter(|line| Some(*line) != own);
            let item = OpenItem {
                class: class.as_str(),
                name: remittance.number.to_string(),
                account: account.cloned(),
                date: remittance.payment_date,
                age_days,
                amount: amount.negated(),
                currency,
                description: format!("{} {}", remittance.authority, remittance.period),
                with: own
                    .into_iter()
                    .chain(others)
                    .map(|line| line.to_string())
                    .collect(),
                detail: of.link.as_ref().map(|link| link.evidence.clone()),
            };
            self.items.push((place(class), item));
        }
        Some(())
    }

    fn prove_remittance(&mut self, of: &RemittanceOnBank, amount: Signed) -> Option<()> {
        let line = of.remittance.line;
        let on_bank = line.and_then(|line| self.linked.remove(&line));
        let on_bank = on_bank.unwrap_or(Signed::ZERO);
        let proof = self.proof(of.remittance.currency);
        proof.remittances = proof.remittances.checked_add(amount)?;
        let part = if line.is_some() {
            proof.difference = proof.difference.checked_add(amount)?;
            &mut proof.remittances_matched
        } else {
            &mut proof.remittances_outstanding
        };
        *part = part.checked_add(amount)?;
        proof.on_bank = proof.on_bank.checked_add(on_bank)?;
        proof.difference = proof.difference.checked_sub(on_bank)?;
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
        let proof = self.proof(payment.currency);
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
            | Class::TaxRemittance
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

    fn age(&mut self, days: i64, currency: Currency) -> &mut AgeTotal {
        let age = Age::of(days);
        self.ages.entry((currency.code(), age)).or_insert(AgeTotal {
            currency,
            age,
            payments: 0,
            total: Signed::ZERO,
            remittances: 0,
            remittances_total: Signed::ZERO,
        })
    }

    fn proof(&mut self, currency: Currency) -> &mut LedgerProof {
        let nothing = Signed::ZERO;
        let entry = self.ledger.entry(currency.code());
        entry.or_insert_with(|| LedgerProof {
            currency,
            payments: nothing,
            matched: nothing,
            returned: nothing,
            settled: nothing,
            outstanding: nothing,
            remittances: nothing,
            remittances_matched: nothing,
            remittances_outstanding: nothing,
            on_bank: nothing,
            difference: nothing,
        })
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
    let nothing = Signed::ZERO;
    ClassRow {
        class,
        currency,
        lines: 0,
        lines_total: nothing,
        payments: 0,
        payments_total: nothing,
        remittances: 0,
        remittances_total: nothing,
        oldest_days: 0,
    }
}

fn place(class: Class) -> usize {
    Class::ALL
        .iter()
        .position(|known| *known == class)
        .unwrap_or(BALANCE_BREAK)
}
