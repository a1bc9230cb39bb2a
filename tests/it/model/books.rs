//! The model: what the ledger should hold, in plain vectors, and what each command should do to it.
//! The rules stand here a second time, as `domain.md` words them, and share nothing with the
//! program.

use std::{collections::BTreeMap, rc::Rc};

use chrono::NaiveDate;

use super::{
    act::{Act, Bank, Command, Paying, Which},
    bank::{Line, Link, Outcome, Statement},
    imports::TokenImport,
    sheets::is_unreadable,
    units::Units,
};

/// All that the ledger should hold. Things are named by their place; withdrawal 0 is `W-000001`.
#[derive(Clone)]
pub(super) struct Books {
    pub(super) four_eyes: bool,
    pub(super) today: NaiveDate,
    /// The last day on which anything was written: where the clock is behind, what is done is dated
    /// so.
    pub(super) latest: NaiveDate,
    pub(super) users: Vec<User>,
    pub(super) projects: Vec<Project>,
    pub(super) holders: Vec<Holder>,
    pub(super) register: Vec<Flow>,
    pub(super) events: Vec<Event>,
    pub(super) withdrawals: Vec<Withdrawal>,
    pub(super) payments: Vec<Payment>,
    pub(super) accounts: Vec<Account>,
    pub(super) files: Vec<File>,
    pub(super) navs: Vec<Nav>,
    pub(super) imports: Vec<TokenImport>,
    pub(super) statements: Vec<Statement>,
    pub(super) lines: Vec<Line>,
    pub(super) links: Vec<Link>,
    /// How many runs of the reconciliation are recorded, and how many lines each account had at its
    /// last.
    pub(super) runs: usize,
    pub(super) seen: BTreeMap<usize, usize>,
    /// The account whose reconciliation was the last thing that was done: to run it again changes
    /// nothing.
    pub(super) settled: Option<usize>,
    /// The end-to-end references, each with its withdrawal. The ledger makes them up; the model is
    /// told.
    pub(super) references: Vec<(String, usize)>,
    /// The withdrawals that a line may have paid for all that a run could tell. The ledger says so;
    /// the model is told.
    pub(super) doubted: Vec<usize>,
    /// What the ledger holds after a run of the reconciliation, where one is being judged.
    pub(super) found: Option<Outcome>,
    /// What such a run did that no run may do.
    pub(super) wrong: Vec<String>,
    /// What each key was used for.
    pub(super) keys: BTreeMap<String, Rc<str>>,
    /// What the current command leaves in the audit trail.
    pub(super) entries: Vec<String>,
    /// The events whose money the current command moves.
    pub(super) moved: Vec<usize>,
}

#[derive(Clone)]
pub(super) struct User {
    pub(super) code: String,
    pub(super) role: &'static str,
    pub(super) active: bool,
}

#[derive(Clone)]
pub(super) struct Project {
    pub(super) code: &'static str,
    pub(super) currency: &'static str,
    /// The smallest amount that a bank pays.
    pub(super) minor: Units,
}

#[derive(Clone)]
pub(super) struct Holder {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) blocked: bool,
    pub(super) bank: Bank,
    pub(super) bank_by: Option<usize>,
}

/// An entry of the register.
#[derive(Clone)]
pub(super) struct Flow {
    pub(super) project: usize,
    pub(super) from: Option<usize>,
    pub(super) to: Option<usize>,
    pub(super) tokens: Units,
    pub(super) date: NaiveDate,
    pub(super) reference: Option<String>,
    pub(super) by: usize,
}

#[derive(Clone)]
pub(super) struct Event {
    pub(super) code: String,
    pub(super) project: usize,
    pub(super) amount: Units,
    pub(super) unit: Units,
    pub(super) date: NaiveDate,
    pub(super) record_date: NaiveDate,
    pub(super) status: &'static str,
    pub(super) created_by: usize,
    pub(super) calculated_by: Option<usize>,
    pub(super) approved_by: Option<usize>,
    pub(super) cancelled_by: Option<usize>,
    pub(super) shares: Vec<Share>,
    pub(super) nav: Option<Units>,
}

/// A net asset value of a project.
#[derive(Clone)]
pub(super) struct Nav {
    pub(super) project: usize,
    pub(super) date: NaiveDate,
    pub(super) amount: Units,
    pub(super) by: usize,
}

/// A holder's part of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Share {
    pub(super) holder: usize,
    pub(super) tokens: Units,
    pub(super) percentage: Units,
    pub(super) allocated: Units,
    pub(super) withdrawn: Units,
    pub(super) pending: Units,
}

#[derive(Clone)]
pub(super) struct Withdrawal {
    pub(super) event: usize,
    pub(super) holder: usize,
    pub(super) amount: Units,
    pub(super) status: &'static str,
    pub(super) bank: Bank,
    pub(super) bank_by: usize,
    pub(super) requested_by: usize,
    pub(super) approved_by: Option<usize>,
    pub(super) approved_on: Option<NaiveDate>,
    pub(super) rejected_by: Option<usize>,
    pub(super) cancelled_by: Option<usize>,
    /// The payment, returned or not.
    pub(super) payment: Option<usize>,
}

#[derive(Clone)]
pub(super) struct Payment {
    pub(super) withdrawal: usize,
    pub(super) amount: Units,
    pub(super) reference: String,
    pub(super) date: NaiveDate,
    pub(super) by: usize,
    pub(super) replaces: Option<usize>,
    pub(super) returned: Option<(NaiveDate, usize)>,
}

/// A bank account of the fund.
#[derive(Clone)]
pub(super) struct Account {
    pub(super) code: String,
    pub(super) bank: &'static str,
    pub(super) number: String,
    pub(super) currency: &'static str,
    pub(super) project: Option<usize>,
}

/// A payment file.
#[derive(Clone)]
pub(super) struct File {
    pub(super) account: usize,
    pub(super) date: NaiveDate,
    pub(super) layout: &'static str,
    pub(super) withdrawals: Vec<usize>,
    pub(super) total: Units,
    pub(super) cancelled_by: Option<usize>,
}

/// Why a command is not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum No {
    /// A rule refuses it, and the attempt is noted in the trail.
    Rule(&'static str),
    /// It names what is not there.
    Name(&'static str),
    /// It needs `--yes`.
    Yes,
    /// Rows of its file are bad; the first refusal by a rule among them is noted.
    Rows(Option<&'static str>),
}

/// What a command should do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// It is done.
    Done,
    /// There is nothing to do.
    Unchanged,
    /// The key was used for it before.
    Replayed,
    /// It is refused with this exit code and error code.
    Refused(i32, &'static str),
}

/// What a command should do, and what it should leave in the trail.
#[derive(Debug)]
pub(super) struct Told {
    pub(super) answer: Answer,
    pub(super) entries: Vec<String>,
}

impl Books {
    /// Does a command: all of it or nothing.
    pub(super) fn give(&mut self, command: &Command) -> Told {
        let mut next = self.clone();
        let no = match next.deliver(command) {
            Ok(answer) => {
                if answer == Answer::Done && !matches!(command.act, Act::Reconcile(_)) {
                    next.settled = None;
                }
                let entries = std::mem::take(&mut next.entries);
                next.write_down(&entries);
                *self = next;
                return Told { answer, entries };
            }
            Err(no) => no,
        };
        let (exit, code, noted) = match no {
            No::Rule(code) => (1, code, Some(code)),
            No::Name(code) => (1, code, None),
            No::Yes => (2, "usage.needs_yes", None),
            No::Rows(noted) => (1, "file.bad_lines", noted),
        };
        let noted = noted.map(|code| {
            format!(
                "{}|refused|{}|||{code}",
                command.act.activity(),
                command.who
            )
        });
        let entries: Vec<String> = noted.into_iter().collect();
        self.write_down(&entries);
        Told {
            answer: Answer::Refused(exit, code),
            entries,
        }
    }

    fn write_down(&mut self, entries: &[String]) {
        if !entries.is_empty() {
            self.latest = self.latest.max(self.today);
        }
    }

    fn deliver(&mut self, command: &Command) -> Result<Answer, No> {
        if let Act::Import { rows, spoilt, .. } = &command.act
            && is_unreadable(rows, *spoilt, self.today)
        {
            return Err(No::Rows(None));
        }
        if !command.yes && self.asked_about(&command.act)? > 1 {
            return Err(No::Yes);
        }
        let actor = self
            .users
            .iter()
            .position(|user| user.code == command.who)
            .ok_or(No::Name("user.unknown"))?;
        if !self.users[actor].active {
            return Err(No::Rule("user.inactive"));
        }
        if let Some(used) = command.key.as_ref().and_then(|key| self.keys.get(key)) {
            let same = used.as_ref() == command.input();
            return if same {
                Ok(Answer::Replayed)
            } else {
                Err(No::Rule("key.conflict"))
            };
        }
        self.run(actor, &command.act)?;
        self.close(actor);
        let answer = if self.entries.is_empty() {
            Answer::Unchanged
        } else {
            Answer::Done
        };
        if let Some(key) = &command.key {
            if answer == Answer::Unchanged {
                self.note(actor, "key_used", ("", ""));
            }
            self.keys.insert(key.clone(), command.input().into());
        }
        Ok(answer)
    }

    /// Returns how many withdrawals a command would ask about; of more than one it needs a yes.
    fn asked_about(&self, act: &Act) -> Result<usize, No> {
        if let Act::PayFile(rows) = act {
            let known = |paying: &&Paying| self.withdrawal(paying.withdrawal).is_ok();
            return Ok(once_each(rows).0.into_iter().filter(known).count());
        }
        let of_event;
        let (which, states): (&Which, &[&str]) = if let Act::EventCancel(event) = act {
            of_event = Which::AllOf(event.clone());
            (&of_event, &["pending", "approved"])
        } else if let Act::Review {
            verb: "withdrawal approve",
            which,
        } = act
        {
            (which, &["pending"])
        } else if let Act::Review {
            verb: "withdrawal cancel",
            which,
        } = act
        {
            (which, &["pending", "approved"])
        } else {
            return Ok(0);
        };
        Ok(self.chosen(which, states)?.len())
    }

    fn run(&mut self, actor: usize, act: &Act) -> Result<(), No> {
        match act {
            Act::UserAdd { code, role } => self.add_user(actor, code, role),
            Act::UserSet { code, role, status } => self.set_user(actor, code, *role, *status),
            Act::HolderAdd { code, bank } => self.add_holder(actor, code, bank),
            Act::HolderSet { code, bank } => self.set_holder(actor, code, bank),
            Act::HolderStand { verb, code } => self.stand(actor, code, *verb == "holder block"),
            Act::Token(entry) => self.enter(actor, entry),
            Act::EventCreate(draft) => self.create_event(actor, draft),
            Act::EventCalculate(code) => self.calculate(actor, code),
            Act::EventApprove { code, hash } => self.approve_event(actor, code, hash.as_ref()),
            Act::EventCancel(code) => self.cancel_event(actor, code),
            Act::Request { event, whom } => self.request(actor, event, whom),
            Act::Review { verb, which } => self.review(actor, verb, which),
            Act::Pay(paying) => {
                self.must(actor, "record")?;
                self.pay(actor, paying)
            }
            Act::PayFile(rows) => {
                self.must(actor, "record")?;
                let (rows, repeated) = once_each(rows);
                let judged = self.each_row(&rows, |books, paying| books.pay(actor, paying));
                if repeated {
                    judged.and(Err(No::Rows(None)))
                } else {
                    judged
                }
            }
            Act::Return { payment, date } => self.give_back(actor, *payment, *date),
            Act::FileCreate {
                account,
                which,
                layout,
            } => self.create_file(actor, account, which, layout),
            Act::FileCancel(number) => self.cancel_file(actor, *number),
            Act::HolderImport {
                rows,
                update,
                spoilt,
            } => self.import_holders(actor, rows, *update, *spoilt),
            Act::TokenImport(file) => self.import_tokens(actor, file),
            Act::Nav {
                project,
                amount,
                date,
            } => self.set_nav(actor, project, *amount, *date),
            Act::BankAdd(account) => self.add_account(actor, account),
            Act::Import { account, rows, .. } => self.import_statement(actor, account, rows),
            Act::Reconcile(account) => self.reconcile(actor, account),
            Act::Decide {
                verb,
                line,
                payments,
            } => self.decide(actor, verb, *line, payments),
        }
    }

    /// Refuses where the actor's role does not allow the act: admins may all, operators record,
    /// approvers review, auditors read.
    pub(super) fn must(&self, actor: usize, act: &str) -> Result<(), No> {
        let allowed: &[&str] = match self.users[actor].role {
            "admin" => &["manage", "record", "review"],
            "operator" => &["record"],
            "approver" => &["review"],
            _ => &[],
        };
        if allowed.contains(&act) {
            Ok(())
        } else {
            Err(No::Rule("user.forbidden"))
        }
    }

    /// Notes a step that is done, with the states before and after.
    pub(super) fn note(&mut self, actor: usize, activity: &str, (previous, new): (&str, &str)) {
        self.entries.push(format!(
            "{activity}|done|{}|{previous}|{new}|",
            self.users[actor].code
        ));
    }

    /// Does a step for each row of a file; where some are refused, all are judged and none is done.
    pub(super) fn each_row<R>(
        &mut self,
        rows: &[R],
        mut step: impl FnMut(&mut Self, &R) -> Result<(), No>,
    ) -> Result<(), No> {
        let (mut bad, mut noted) = (false, None);
        for row in rows {
            match step(self, row) {
                Ok(()) => {}
                Err(no) => {
                    bad = true;
                    if let No::Rule(code) = no {
                        noted.get_or_insert(code);
                    }
                }
            }
        }
        if bad { Err(No::Rows(noted)) } else { Ok(()) }
    }

    /// Finds what a code names, without regard to case.
    pub(super) fn event(&self, code: &str) -> Result<usize, No> {
        place(&self.events, code, |event| &event.code).ok_or(No::Name("event.unknown"))
    }

    pub(super) fn account(&self, code: &str) -> Result<usize, No> {
        place(&self.accounts, code, |account| &account.code).ok_or(No::Name("bank.unknown"))
    }

    pub(super) fn holder(&self, code: &str) -> Result<usize, No> {
        place(&self.holders, code, |holder| &holder.code).ok_or(No::Name("holder.unknown"))
    }

    pub(super) fn project(&self, code: &str) -> Result<usize, No> {
        place(&self.projects, code, |project| project.code).ok_or(No::Name("project.unknown"))
    }

    pub(super) fn user(&self, code: &str) -> Result<usize, No> {
        place(&self.users, code, |user| &user.code).ok_or(No::Name("user.unknown"))
    }

    /// Finds the withdrawal of a number.
    pub(super) fn withdrawal(&self, number: usize) -> Result<usize, No> {
        if (1..=self.withdrawals.len()).contains(&number) {
            Ok(number - 1)
        } else {
            Err(No::Name("withdrawal.unknown"))
        }
    }

    /// Finds the withdrawals that a command is about, each once; of an event all in one of the
    /// states, state by state.
    pub(super) fn chosen(&self, which: &Which, states: &[&str]) -> Result<Vec<usize>, No> {
        let mut chosen = Vec::new();
        match which {
            Which::These(numbers) => {
                for number in numbers {
                    let withdrawal = self.withdrawal(*number)?;
                    if !chosen.contains(&withdrawal) {
                        chosen.push(withdrawal);
                    }
                }
            }
            Which::AllOf(event) => {
                let event = self.event(event)?;
                for state in states {
                    let fits = |(_, withdrawal): &(usize, &Withdrawal)| {
                        withdrawal.event == event && withdrawal.status == *state
                    };
                    chosen.extend(
                        self.withdrawals
                            .iter()
                            .enumerate()
                            .filter(fits)
                            .map(|(at, _)| at),
                    );
                }
            }
        }
        Ok(chosen)
    }
}

/// Returns the rows of a payment file whose reference is on no row above, and whether there are
/// others: those are bad.
fn once_each(rows: &[Paying]) -> (Vec<&Paying>, bool) {
    let first = |(at, paying): &(usize, &Paying)| {
        rows[..*at]
            .iter()
            .all(|above| above.reference != paying.reference)
    };
    let kept: Vec<&Paying> = rows
        .iter()
        .enumerate()
        .filter(first)
        .map(|(_, paying)| paying)
        .collect();
    let repeated = kept.len() < rows.len();
    (kept, repeated)
}

fn place<T>(things: &[T], code: &str, of: impl Fn(&T) -> &str) -> Option<usize> {
    things
        .iter()
        .position(|thing| of(thing).eq_ignore_ascii_case(code))
}
