//! The model's rules of what a run makes of the lines of an account.
//!
//! How lines are matched is the program's business. The model knows of it what is promised for
//! certain: a debit with our end-to-end reference and the exact amount, alone in that and in its
//! days, is the payment, and a credit of that kind its return. If the item of the reference has left
//! its payment file, the debit is only proposed, and not even that once the withdrawal was paid.
//! Whatever has a reference and is not that is left alone. Of lines without one it knows nothing but
//! the laws.

use chrono::{Days, NaiveDate};

use super::{
    bank::Line,
    books::{Account, Books, EndToEnd, Withdrawal},
    units::Units,
};

/// What lines are linked to, in the words of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) account: usize,
    pub(super) kind: String,
    pub(super) tier: String,
    /// `proposed` or `matched`, and once it has ended, how.
    pub(super) state: String,
    pub(super) lines: Vec<usize>,
    pub(super) withdrawals: Vec<usize>,
}

/// What the ledger holds after a run of the reconciliation.
#[derive(Clone, Debug)]
pub(super) struct OpenLinks {
    pub(super) links: Vec<Link>,
    pub(super) runs: usize,
}

/// The days before and after a payment in which its debit is looked for.
const DEBIT: (u64, u64) = (1, 10);
/// The days after a debit in which its return is looked for.
pub(super) const RETURN: u64 = 30;

impl Link {
    pub(super) fn is_matched(&self) -> bool {
        self.state == "matched"
    }

    pub(super) fn is_live(&self) -> bool {
        self.is_matched() || self.state == "proposed"
    }

    /// Checks whether it says that this one line is this one payment, or its return.
    fn is(&self, kind: &str, line: usize, withdrawal: usize) -> bool {
        self.kind == kind && self.lines == [line] && self.withdrawals == [withdrawal]
    }
}
impl Books {
    /// Checks whether a bank line may have paid a withdrawal: one carries its reference, is
    /// proposed for it, or is in doubt.
    pub(super) fn may_be_paid(&self, withdrawal: usize) -> bool {
        let proposed = |link: &Link| {
            link.is_live() && link.kind == "payment" && link.withdrawals.contains(&withdrawal)
        };
        let bears = |line: usize| self.lines[line].row.bears == Some(withdrawal);
        self.links.iter().any(proposed)
            || (0..self.lines.len()).any(|line| bears(line) && self.shows_a_payment(line))
            || self.doubted.contains(&withdrawal)
    }

    /// Checks whether a line is a debit that counts. What a person explained as something else pays
    /// nobody.
    pub(super) fn shows_a_payment(&self, line: usize) -> bool {
        let explained = self
            .decided(line)
            .is_some_and(|link| !["payment", "return"].contains(&link.kind.as_str()));
        let line = &self.lines[line];
        line.row.amount < 0 && !explained && !self.is_void(line)
    }

    /// Checks whether a line bears a reference of an item that has left its payment file. If the bank's
    /// own reference of the line is that of the recorded payment, it says more than that.
    pub(super) fn bears_ended(&self, line: usize) -> bool {
        let row = &self.lines[line].row;
        let Some(withdrawal) = row.bears else {
            return false;
        };
        let is_live = |given: &EndToEnd| {
            row.text.contains(&given.reference) && self.files[given.file].holds(withdrawal)
        };
        let is_recorded = self.recorded(withdrawal) == Some(&row.reference);
        !is_recorded && !self.references.iter().any(is_live)
    }

    /// Returns the reference of the payment of a withdrawal.
    fn recorded(&self, withdrawal: usize) -> Option<&String> {
        let payment = self.withdrawals[withdrawal].payment;
        payment.map(|payment| &self.payments[payment].reference)
    }

    /// Finds the link that decided about a line.
    pub(super) fn decided(&self, line: usize) -> Option<&Link> {
        self.links
            .iter()
            .find(|link| link.is_matched() && link.lines.contains(&line))
    }

    /// Finds the decided link of a kind that holds a withdrawal.
    pub(super) fn linked(&self, kind: &str, withdrawal: usize) -> Option<&Link> {
        self.links.iter().find(|link| {
            link.is_matched() && link.kind == kind && link.withdrawals.contains(&withdrawal)
        })
    }

    /// Returns what was or is to be paid for a withdrawal.
    pub(super) fn to_pay(&self, withdrawal: usize) -> Units {
        let Withdrawal {
            amount, payment, ..
        } = self.withdrawals[withdrawal];
        payment.map_or(amount, |payment| self.payments[payment].amount)
    }

    /// Checks whether a withdrawal is looked for on an account: it was approved, and the account is
    /// the one that its payment file names. Without a file it is its project's own, or any in its
    /// currency where the project has none of its own.
    pub(super) fn is_expected(&self, withdrawal: usize, account: usize) -> bool {
        let Withdrawal {
            status,
            event,
            means,
            payment,
            ..
        } = self.withdrawals[withdrawal];
        let on_bank = means == "transfer" || (means == "cheque" && payment.is_some());
        let project = self.events[event].project;
        let Account {
            currency,
            project: own,
            ..
        } = self.accounts[account];
        let has_own = || {
            self.accounts
                .iter()
                .any(|other| other.project == Some(project))
        };
        let home = match (self.linked("payment", withdrawal), self.file_of(withdrawal)) {
            (Some(link), _) => link.account == account,
            (None, Some(file)) => self.files[file].account == account,
            (None, None) => own.map_or_else(|| !has_own(), |own| own == project),
        };
        home && on_bank
            && currency == self.projects[project].currency
            && ["approved", "paid", "returned"].contains(&status)
    }

    /// Checks whether an item of a withdrawal left a payment file of an account that is not to pay it:
    /// the reference of the item names it there all the same.
    pub(super) fn left_here(&self, withdrawal: usize, account: usize) -> bool {
        let left = |given: &EndToEnd| {
            let file = &self.files[given.file];
            given.withdrawal == withdrawal && file.account == account && !file.holds(withdrawal)
        };
        ["approved", "paid", "returned"].contains(&self.withdrawals[withdrawal].status)
            && !self.is_expected(withdrawal, account)
            && self.references.iter().any(left)
    }

    /// Finds the one line of an account that shows an item of a withdrawal that another account is to
    /// pay: it is proposed as long as nothing is recorded.
    fn paid_elsewhere(&self, account: usize, withdrawal: usize) -> Option<usize> {
        let unpaid = self.withdrawals[withdrawal].payment.is_none();
        let is_open = unpaid && self.left_here(withdrawal, account);
        let amount = -self.to_pay(withdrawal);
        let shown = self.exact(account, withdrawal, ("payment", amount));
        let [one] = shown[..] else { return None };
        (is_open && !self.is_contested(account, withdrawal)).then_some(one)
    }

    /// Returns the day around which a withdrawal's debit is looked for: that of its payment, of its
    /// payment file, or of its approval.
    pub(super) fn expected_on(&self, withdrawal: usize) -> Option<NaiveDate> {
        let Withdrawal {
            payment,
            approved_on,
            ..
        } = self.withdrawals[withdrawal];
        let paid_on = payment.map(|payment| self.payments[payment].date);
        paid_on
            .or_else(|| self.file_of(withdrawal).map(|file| self.files[file].date))
            .or(approved_on)
    }

    /// Checks whether a person said that a line is not this payment, or not its return: no run says
    /// so again.
    fn is_taken_back(&self, kind: &str, line: usize, withdrawal: usize) -> bool {
        let ended = |link: &&Link| ["rejected", "unmatched"].contains(&link.state.as_str());
        self.links
            .iter()
            .filter(ended)
            .any(|link| link.is(kind, line, withdrawal))
    }

    /// Finds the lines of an account that nothing decided and that carry a withdrawal's reference
    /// and this very amount, without those that a person took back or rejected.
    pub(super) fn exact(
        &self,
        account: usize,
        withdrawal: usize,
        (kind, amount): (&str, Units),
    ) -> Vec<usize> {
        let fits = |at: &usize| {
            let Line {
                account: of, row, ..
            } = &self.lines[*at];
            let is_void = self.is_void(&self.lines[*at]);
            *of == account && row.bears == Some(withdrawal) && row.amount == amount && !is_void
        };
        let open = (0..self.lines.len()).filter(fits);
        open.filter(|at| self.decided(*at).is_none() && !self.is_taken_back(kind, *at, withdrawal))
            .collect()
    }

    /// Returns the links that a run over an account must make, and those that it must propose since
    /// the holder is blocked.
    pub(super) fn certain(&self, account: usize) -> Vec<Link> {
        let mut certain = Vec::new();
        let link = |kind: &str, state: &str, line: usize, withdrawal: usize| {
            let tier = if kind == "payment" { "1" } else { "6" };
            let (kind, tier, state) = (kind.to_owned(), tier.to_owned(), state.to_owned());
            Link {
                account,
                kind,
                tier,
                state,
                lines: vec![line],
                withdrawals: vec![withdrawal],
            }
        };
        for withdrawal in 0..self.withdrawals.len() {
            if let Some(one) = self.paid_elsewhere(account, withdrawal) {
                certain.push(link("payment", "proposed", one, withdrawal));
            }
            if !self.is_expected(withdrawal, account) {
                continue;
            }
            if self.is_contested(account, withdrawal) {
                continue;
            }
            let amount = self.to_pay(withdrawal);
            let (ended, mut debits): (Vec<usize>, Vec<usize>) = self
                .exact(account, withdrawal, ("payment", -amount))
                .into_iter()
                .partition(|at| self.bears_ended(*at));
            let known = self.linked("payment", withdrawal);
            let is_new = known.is_none() && self.withdrawals[withdrawal].payment.is_none();
            let mut debit = known.and_then(|link| link.lines.first().copied());
            if let Some(day) = self.expected_on(withdrawal).filter(|_| known.is_none()) {
                let days = day - Days::new(DEBIT.0)..=day + Days::new(DEBIT.1);
                let within: Vec<usize> = debits
                    .iter()
                    .copied()
                    .filter(|at| days.contains(&self.lines[*at].row.date))
                    .collect();
                if let [one] = within[..] {
                    let unpaid = self.withdrawals[withdrawal].payment.is_none();
                    if unpaid && self.holders[self.withdrawals[withdrawal].holder].blocked {
                        certain.push(link("payment", "proposed", one, withdrawal));
                        continue;
                    }
                    certain.push(link("payment", "matched", one, withdrawal));
                    debit = Some(one);
                    debits.retain(|at| *at != one);
                }
                // The bank paid what it was not to pay.
                if let (true, [], [one]) = (is_new, &within[..], &ended[..]) {
                    certain.push(link("payment", "proposed", *one, withdrawal));
                    continue;
                }
            }
            // If there is a second debit, which of the two was sent back is not certain.
            let Some(debit) = debit.filter(|_| debits.is_empty() && ended.is_empty()) else {
                continue;
            };
            if self.linked("return", withdrawal).is_some() {
                continue;
            }
            let day = self.lines[debit].row.date;
            let days = day..=day + Days::new(RETURN);
            let credits = self.exact(account, withdrawal, ("return", amount));
            if credits.iter().any(|at| self.bears_ended(*at)) {
                continue;
            }
            let within: Vec<usize> = credits
                .into_iter()
                .filter(|at| days.contains(&self.lines[*at].row.date))
                .collect();
            if let [one] = within[..] {
                certain.push(link("return", "matched", one, withdrawal));
            }
        }
        certain
    }

    /// Checks whether the model leaves open what a run makes of a line: it has the amount of
    /// something, and no reference that says of what on this account and that nobody took back.
    pub(super) fn is_untold(&self, line: usize) -> bool {
        let Line { account, row, .. } = &self.lines[line];
        let minor = self
            .projects
            .iter()
            .find(|project| project.currency == self.accounts[*account].currency);
        let payable = minor.is_some_and(|project| row.amount % project.minor == 0);
        let kind = if row.amount < 0 { "payment" } else { "return" };
        let tells = |of: &usize| {
            let known = self.is_expected(*of, *account) || self.left_here(*of, *account);
            known && !self.is_taken_back(kind, line, *of)
        };
        let told = row.bears.filter(tells);
        payable
            && told.is_none_or(|withdrawal| {
                let uncertain =
                    self.linked("payment", withdrawal).is_none() || self.bears_ended(line);
                (row.amount > 0 && uncertain) || self.is_contested(*account, withdrawal)
            })
    }

    /// Checks whether something else than our reference may say what paid a withdrawal: another line
    /// has the reference of its payment, or another account a proposal for it.
    fn is_contested(&self, account: usize, withdrawal: usize) -> bool {
        let amount = self.to_pay(withdrawal);
        let rival = |line: &Line| {
            let names = self.recorded(withdrawal) == Some(&line.row.reference);
            let own = line.row.bears == Some(withdrawal);
            names && !own && line.account == account && line.row.amount == -amount
        };
        let is_open = |at: usize| self.decided(at).is_none() && !self.is_void(&self.lines[at]);
        let elsewhere = |link: &Link| {
            link.state == "proposed"
                && link.account != account
                && link.withdrawals.contains(&withdrawal)
        };
        (0..self.lines.len()).any(|at| rival(&self.lines[at]) && is_open(at))
            || self.links.iter().any(elsewhere)
    }
}
