//! The arguments of the commands: mostly those that fit what the model holds, sometimes others.

mod events;
mod money;
mod proceeds;

use chrono::{Days, NaiveDate};

use super::{
    act::{Act, Bank, Entry},
    books::{Books, Event, User},
    participation::StandingExclusion,
    proposals::has_proposal,
    register::RIGHT_AT_058,
    rules::has_rule,
    steps::spelled,
    tax::TaxData,
    units::{Dice, MOST, ONE, Units},
};

/// What arguments are picked from.
pub(super) struct Picks<'a> {
    pub(super) dice: &'a mut Dice,
    pub(super) books: &'a Books,
    /// The number of the step, for new names.
    pub(super) count: usize,
}

const ROLES: [&str; 4] = ["admin", "operator", "approver", "auditor"];
const LAYOUTS: [&str; 4] = ["generic", "generic", "pain.001.001.03", "pain.001.001.09"];

/// Makes an entry of tokens that were issued long ago.
pub(super) fn issue(holder: &str, tokens: Units, project: &str) -> Entry {
    let date = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    let (holder, project) = (holder.to_owned(), project.to_owned());
    Entry {
        verb: "token issue",
        holder,
        to: None,
        tokens,
        project,
        date,
        reference: None,
    }
}

impl Picks<'_> {
    /// Picks the arguments of a verb.
    pub(super) fn act(&mut self, verb: &str, hash: &dyn Fn(&str) -> Option<String>) -> Act {
        match verb {
            "user add" => self.new_user(),
            "user set" => self.user(),
            "user acknowledge" => self.acknowledgement(),
            "holder add" => self.new_holder(),
            "holder set" => self.bank(),
            "holder block" => self.standing(),
            "token" => self.entry(),
            "project set" => self.project_change(),
            "event create" => self.draft(),
            "project exclude" => self.standing_exclusion(),
            "project include" => self.standing_inclusion(),
            "event deduct" => self.deduction(),
            "event exclude" => self.exclusion(),
            "event include" => self.inclusion(),
            "event calculate" => Act::EventCalculate(self.event_to_calculate()),
            "event approve" => self.event_approval(hash),
            "event cancel" => Act::EventCancel(self.event(&["draft", "calculated", "active"])),
            "withdrawal request" => self.request(),
            "withdrawal approve" => self.review("withdrawal approve"),
            "withdrawal reject" => self.review("withdrawal reject"),
            "withdrawal cancel" => self.review("withdrawal cancel"),
            "withdrawal pay" => self.payment(),
            "withdrawal pay --from" => self.payments(),
            "payment return" => self.giving_back(),
            "payment file create" => self.file(),
            "payment correct" => self.correction(),
            "payment settle" => self.settlement(),
            "payment settle --undo" => self.settlement_undone(),
            "payment file export" => self.export(),
            "payment file cancel" => self.file_cancellation(),
            "payment file drop" => self.item_drop(),
            "holder import" => self.holders(),
            "token import" => self.register_file(),
            "nav set" => self.nav(),
            "bank add" => self.new_account(),
            "bank import" => self.statement(),
            "bank statement void" => self.statement_to_void(),
            "bank reconcile" => self.reconciliation(),
            "bank decide" => self.decision(),
            "forward release" => self.forward_release(),
            "forward write-off" => self.write_off(),
            "tax certificate add" => self.certificate(),
            "tax remit" => self.remittance(),
            "tax remittance reverse" => self.remittance_reversal(),
            "bank rule add" => self.new_rule(),
            "bank rule remove" => self.rule_removal(),
            "proposal approve" => self.proposal("proposal approve"),
            "proposal reject" => self.proposal("proposal reject"),
            other => panic!("`{other}` has no arguments"),
        }
    }

    /// Returns whether the model holds what a verb is done to.
    pub(super) fn has_something_for(&self, verb: &str) -> bool {
        let event = |status: &str| self.books.events.iter().any(|event| event.status == status);
        let withdrawal = |status: &str| {
            self.books
                .withdrawals
                .iter()
                .any(|withdrawal| withdrawal.status == status)
        };
        match verb {
            "project include" => self.books.standing.iter().any(StandingExclusion::may_end),
            "event deduct" => self.has_proceeds(),
            "event exclude" => event("draft"),
            "event include" => self.has_excluded(),
            "event calculate" => self.calculable().next().is_some(),
            "event approve" => self.calculated(false).next().is_some(),
            "withdrawal request" => {
                let has_money = |event: &Event| {
                    event.status == "active"
                        && event.shares.iter().any(|share| share.available() > 0)
                };
                self.books.events.iter().any(has_money)
            }
            "withdrawal approve" | "withdrawal reject" => withdrawal("pending"),
            "withdrawal cancel" => withdrawal("pending") || withdrawal("approved"),
            "withdrawal pay" | "withdrawal pay --from" => withdrawal("approved"),
            "payment file create" => self.unfiled_ones().len() > 1,
            "payment return" => self
                .books
                .payments
                .iter()
                .any(|payment| payment.returned.is_none()),
            "payment correct" => !self.books.payments.is_empty(),
            "payment settle" => {
                (0..self.books.payments.len()).any(|at| self.books.outstanding(at).is_some())
            }
            "payment settle --undo" => {
                (self.books.payments.iter()).any(|payment| payment.settled.is_some())
            }
            "payment file export" => {
                (1..=self.books.files.len()).any(|file| self.books.look_again(file).is_ok())
            }
            "payment file cancel" => self
                .books
                .files
                .iter()
                .any(|file| self.books.is_open(file) && !self.books.free_items(file).is_empty()),
            "payment file drop" => self.droppable().next().is_some(),
            "bank rule remove" => has_rule(self.books),
            "proposal approve" | "proposal reject" => has_proposal(self.books),
            "forward release" => self.has_forward(),
            "forward write-off" => self.has_unpayable(),
            "tax remit" => self.books.has_open_items(),
            "tax remittance reverse" => self.has_remittance(),
            "bank import" => !self.books.files.is_empty(),
            "bank reconcile" | "bank decide" => !self.books.lines.is_empty(),
            _ => true,
        }
    }

    fn new_user(&mut self) -> Act {
        let known = self
            .dice
            .pick(&self.books.users)
            .map(|user| user.code.to_ascii_uppercase());
        let code = known.filter(|_| self.dice.percent(50) || self.books.users.len() > 8);
        Act::UserAdd {
            code: code.unwrap_or_else(|| format!("user{}", self.count)),
            role: self.one(&ROLES[1..]),
        }
    }

    /// Changes a user; mostly back to what lets the others work on.
    fn user(&mut self) -> Act {
        let first = [
            ("ada", "admin"),
            ("bola", "operator"),
            ("chi", "approver"),
            ("eve", "admin"),
            ("femi", "operator"),
        ];
        let (code, role) = self.one(&first);
        if self.dice.percent(60) {
            return Act::UserSet {
                code: code.to_owned(),
                role: Some(role),
                status: Some("active"),
            };
        }
        let status = self
            .dice
            .percent(50)
            .then(|| self.one(&["active", "inactive"]));
        let role = (status.is_none() || self.dice.percent(30)).then(|| self.one(&ROLES));
        Act::UserSet {
            code: self.dice.pick(&self.books.users).unwrap().code.clone(),
            role,
            status,
        }
    }

    /// Picks a user to acknowledge, mostly one whom nobody has acknowledged.
    fn acknowledgement(&mut self) -> Act {
        let waits = |user: &&User| user.acknowledged_by.is_none();
        let waiting: Vec<&User> = self.books.users.iter().filter(waits).collect();
        let picked = (self.dice.pick(&waiting).copied()).filter(|_| self.dice.percent(85));
        let any = self.dice.pick(&self.books.users);
        let code = picked.or(any).map(|user| user.code.clone());
        Act::UserAcknowledge(
            code.filter(|_| self.dice.percent(97))
                .unwrap_or_else(|| "nobody".to_owned()),
        )
    }

    fn new_holder(&mut self) -> Act {
        let code = if self.books.holders.len() > 11 || self.dice.percent(25) {
            self.holder()
        } else {
            format!("h{}", self.count)
        };
        let bank = if self.dice.percent(40) {
            Bank::default()
        } else {
            self.bank_details()
        };
        let tax = self.tax_data();
        Act::HolderAdd { code, bank, tax }
    }

    /// Changes bank details, or what is known for tax, or both.
    fn bank(&mut self) -> Act {
        let of_bank = self.dice.percent(70);
        let of_tax = !of_bank || self.dice.percent(10);
        Act::HolderSet {
            code: self.holder(),
            bank: if of_bank {
                self.bank_details()
            } else {
                Bank::default()
            },
            tax: if of_tax {
                self.tax_data()
            } else {
                TaxData::default()
            },
        }
    }

    /// Blocks a holder, or opens one again: few are blocked at a time.
    fn standing(&mut self) -> Act {
        let blocked: Vec<&String> = self
            .books
            .holders
            .iter()
            .filter(|holder| holder.blocked)
            .map(|holder| &holder.code)
            .collect();
        match self
            .dice
            .pick(&blocked)
            .filter(|_| blocked.len() > 1 || self.dice.percent(60))
        {
            Some(code) => Act::HolderStatus {
                verb: "holder unblock",
                code: (*code).clone(),
            },
            None => {
                let verb = self.one(&["holder block", "holder block", "holder unblock"]);
                let waits = |line: &super::bank::Line| {
                    line.row
                        .bears
                        .filter(|at| self.books.withdrawals[*at].status == "approved")
                };
                let waiting: Vec<usize> = self.books.lines.iter().filter_map(waits).collect();
                let payee = self
                    .dice
                    .pick(&waiting)
                    .map(|at| self.books.withdrawals[*at].holder);
                let payee = payee
                    .filter(|_| self.dice.percent(60))
                    .map(|holder| self.books.holders[holder].code.clone());
                Act::HolderStatus {
                    verb,
                    code: payee.unwrap_or_else(|| self.holder()),
                }
            }
        }
    }

    fn entry(&mut self) -> Act {
        if let Some(entry) = self
            .redemption_of_the_most()
            .filter(|_| self.dice.percent(40))
        {
            return Act::Token(entry);
        }
        let verb = self.one(&[
            "token issue",
            "token issue",
            "token transfer",
            "token transfer",
            "token redeem",
        ]);
        let project = self.project();
        let holder = self.holder();
        let to = (verb == "token transfer").then(|| {
            if self.dice.percent(5) {
                holder.clone()
            } else {
                self.holder()
            }
        });
        let date = self.day();
        let has = match (self.books.project(&project), self.books.holder(&holder)) {
            (Ok(project), Ok(holder)) => self.books.holding(project, holder, date),
            (Ok(_) | Err(_), Ok(_) | Err(_)) => 0,
        };
        let tokens = match self.dice.below(40) {
            0 => 0,
            1 => 1,
            2..4 if verb == "token issue" => MOST - self.dice.units(ONE),
            2..6 => has,
            6..8 => has + 1,
            8..14 => self.dice.units(has.max(ONE)),
            // Whole numbers from a few give equal holdings, and so equal remainders.
            _ => self.dice.units(3) * ONE,
        };
        let reference = self
            .dice
            .percent(40)
            .then(|| format!("T{}", self.dice.below(12)));
        Act::Token(Entry {
            verb,
            holder,
            to,
            tokens: tokens.min(MOST),
            project,
            date,
            reference,
        })
    }

    /// Redeems what fills a register to the brim, so that it can be filled again: on any day, or on
    /// one that is still full.
    fn redemption_of_the_most(&mut self) -> Option<Entry> {
        let flow = self
            .books
            .register
            .iter()
            .rev()
            .find(|flow| flow.from.is_none() && flow.tokens > MOST / 2)?;
        let (project, holder) = (flow.project, flow.to?);
        let tokens = self.books.holding(project, holder, self.books.today);
        let project = self.books.projects[project].code.to_owned();
        let holder = self.books.holders[holder].code.clone();
        let entry = issue(&holder, tokens, &project);
        (tokens > MOST / 2).then_some(Entry {
            verb: "token redeem",
            date: self.books.today,
            ..entry
        })
    }

    pub(super) fn one<T: Copy>(&mut self, things: &[T]) -> T {
        *self.dice.pick(things).unwrap()
    }

    pub(super) fn holder(&mut self) -> String {
        match self
            .dice
            .pick(&self.books.holders)
            .filter(|_| self.dice.percent(98))
        {
            Some(holder) => spelled(self.dice, &holder.code),
            None => "stranger".to_owned(),
        }
    }

    pub(super) fn project(&mut self) -> String {
        let code = if self.dice.percent(1) {
            "NOWHERE"
        } else {
            self.one(&["LAGOS", "LAGOS", "KUWAIT", "TOKYO"])
        };
        spelled(self.dice, code)
    }

    /// Picks an event, mostly in one of the states.
    pub(super) fn event(&mut self, states: &[&str]) -> String {
        let state = *self.dice.pick(states).unwrap();
        let mut fits: Vec<&Event> = self
            .books
            .events
            .iter()
            .filter(|event| event.status == state)
            .collect();
        // What was begun is finished, or no event would ever complete.
        if self.dice.percent(60) {
            fits.sort_by_key(|event| event.left());
            fits.truncate(1);
        }
        let picked = self
            .dice
            .pick(&fits)
            .copied()
            .filter(|_| self.dice.percent(94));
        match picked
            .or_else(|| self.dice.pick(&self.books.events))
            .filter(|_| self.dice.percent(99))
        {
            Some(event) => spelled(self.dice, &event.code),
            None => "E-none".to_owned(),
        }
    }

    /// Picks a withdrawal's number, mostly of one in these states.
    fn withdrawal(&mut self, states: &[&str]) -> usize {
        let fits = |at: &usize| states.contains(&self.books.withdrawals[*at].status);
        let fits: Vec<usize> = (0..self.books.withdrawals.len()).filter(fits).collect();
        let picked = self
            .dice
            .pick(&fits)
            .copied()
            .filter(|_| self.dice.percent(94));
        picked.unwrap_or_else(|| self.dice.below(self.books.withdrawals.len() + 1)) + 1
    }

    /// Picks a day, seldom one that is to come.
    pub(super) fn day(&mut self) -> NaiveDate {
        if self.dice.percent(5) {
            self.books.today.checked_add_days(Days::new(2)).unwrap()
        } else {
            self.past_day()
        }
    }

    fn past_day(&mut self) -> NaiveDate {
        let back = if self.dice.percent(60) {
            self.dice.next() % 4
        } else {
            self.dice.next() % 60
        };
        // A value date that is to come is refused.
        if self.dice.percent(2) {
            self.books.today.succ_opt().unwrap()
        } else {
            self.books.today - Days::new(back)
        }
    }

    pub(super) fn bank_details(&mut self) -> Bank {
        match self.dice.below(12) {
            0 => Bank {
                name: Some("UBA"),
                ..Bank::default()
            },
            1 => Bank::of("GTBank", Some("058"), "0123456100"),
            2..5 => Bank::of("UBA", None, "5550000001"),
            5 => Bank {
                number: Some("5550000002"),
                ..Bank::default()
            },
            _ => Bank::of("GTBank", Some("058"), self.one(&RIGHT_AT_058)),
        }
    }
}
