//! The model: what the ledger should hold, in plain vectors, and what each command should do to it.
//! The rules are here a second time, as `domain.md` words them, and share nothing with the
//! program.

mod things;

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use chrono::NaiveDate;

pub(super) use self::things::{
    Account, Answer, Basis, EndToEnd, Event, File, Flow, Holder, Nav, Outcome, Payment, Project,
    Refusal, RequestFile, Share, User, Withdrawal,
};
use super::{
    act::{Act, Command, PaymentInput, WithdrawalSelection},
    bank::{Line, Statement},
    certificates::Certificate,
    imports::TokenImport,
    matching::{Link, OpenLinks},
    net::{ForwardLoss, Taking},
    participation::StandingExclusion,
    proposals::Proposal,
    remittances::Remittance,
    reserves::ReserveMove,
    sheets::is_unreadable,
    tax::TaxItem,
};

/// All that the ledger should hold. Things are named by their place; withdrawal 0 is `W-000001`.
#[derive(Clone)]
pub(super) struct Books {
    pub(super) four_eyes: bool,
    /// Whether the command that runs was given `--yes`.
    pub(super) yes: bool,
    pub(super) today: NaiveDate,
    /// The last day on which anything was written: where the clock is behind, what is done is dated
    /// so.
    pub(super) latest: NaiveDate,
    /// How many commands were done.
    pub(super) tick: usize,
    pub(super) users: Vec<User>,
    pub(super) projects: Vec<Project>,
    pub(super) holders: Vec<Holder>,
    pub(super) register: Vec<Flow>,
    pub(super) standing: Vec<StandingExclusion>,
    pub(super) reserves: Vec<ReserveMove>,
    pub(super) takings: Vec<Taking>,
    pub(super) losses: Vec<ForwardLoss>,
    pub(super) tax_items: Vec<TaxItem>,
    pub(super) remittances: Vec<Remittance>,
    pub(super) events: Vec<Event>,
    pub(super) withdrawals: Vec<Withdrawal>,
    pub(super) payments: Vec<Payment>,
    pub(super) accounts: Vec<Account>,
    pub(super) files: Vec<File>,
    pub(super) navs: Vec<Nav>,
    pub(super) imports: Vec<TokenImport>,
    pub(super) request_files: Vec<RequestFile>,
    pub(super) statements: Vec<Statement>,
    pub(super) lines: Vec<Line>,
    pub(super) links: Vec<Link>,
    pub(super) proposals: Vec<Proposal>,
    pub(super) certificates: Vec<Certificate>,
    /// The lines that a run took for a charge of the bank, since a rule says so.
    pub(super) explained: BTreeSet<usize>,
    /// How many runs of the reconciliation are recorded, and how many lines each account had at its
    /// last.
    pub(super) runs: usize,
    pub(super) seen: BTreeMap<usize, usize>,
    /// The account whose reconciliation was the last thing that was done, and the day: to run it
    /// again then changes nothing.
    pub(super) settled: Option<(usize, NaiveDate)>,
    /// The end-to-end references. The ledger makes them up, and the model reads them.
    pub(super) references: Vec<EndToEnd>,
    /// The withdrawals that a line may have paid as far as a run could decide. The model reads them
    /// from the ledger.
    pub(super) doubted: Vec<usize>,
    /// What the ledger holds after a run of the reconciliation, where one is being judged.
    pub(super) found: Option<OpenLinks>,
    /// What such a run did that no run may do.
    pub(super) wrong: Vec<String>,
    /// What each key was used for.
    pub(super) keys: BTreeMap<String, Rc<str>>,
    /// What the current command leaves in the audit trail.
    pub(super) entries: Vec<String>,
    /// The events whose money the current command moves.
    pub(super) moved: Vec<usize>,
}

impl Books {
    /// Does a command: all of it or nothing.
    pub(super) fn give(&mut self, command: &Command) -> Outcome {
        let mut next = self.clone();
        next.tick += 1;
        let no = match next.deliver(command) {
            Ok(answer) => {
                if answer == Answer::Done && !matches!(command.act, Act::Reconcile(_)) {
                    next.settled = None;
                }
                let entries = std::mem::take(&mut next.entries);
                next.write_down(&entries);
                *self = next;
                return Outcome { answer, entries };
            }
            Err(no) => no,
        };
        let (exit, code, noted) = match no {
            Refusal::Rule(code) => (1, code, Some(code)),
            Refusal::Name(code) => (1, code, None),
            Refusal::Yes => (2, "usage.needs_yes", None),
            Refusal::Question(code) => (2, code, None),
            Refusal::Rows(noted) => (1, "file.bad_lines", noted),
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
        Outcome {
            answer: Answer::Refused(exit, code),
            entries,
        }
    }

    fn write_down(&mut self, entries: &[String]) {
        if !entries.is_empty() {
            self.latest = self.latest.max(self.today);
        }
    }

    fn deliver(&mut self, command: &Command) -> Result<Answer, Refusal> {
        if let Act::Import { rows, spoilt, .. } = &command.act
            && is_unreadable(rows, *spoilt, self.today)
        {
            return Err(Refusal::Rows(None));
        }
        // The bytes of a payment file are made before anybody is asked who acts.
        if let Act::FileExport(number) = command.act {
            self.file(number)?;
        }
        // The answer to a key that was used before is known, so nothing is asked.
        let known = command
            .key
            .as_ref()
            .is_some_and(|key| self.keys.contains_key(key));
        if !command.yes
            && !known
            && command.act.approves_all()
            && self.asked_about(&command.act)? > 0
        {
            return Err(Refusal::Question("usage.needs_review"));
        }
        if !command.yes
            && !known
            && !command.act.approves_all()
            && (self.asked_about(&command.act)? > 1 || self.is_odd(&command.act))
        {
            return Err(Refusal::Yes);
        }
        let actor = self
            .users
            .iter()
            .position(|user| user.code == command.who)
            .ok_or(Refusal::Name("user.unknown"))?;
        if !self.users[actor].active {
            return Err(Refusal::Rule("user.inactive"));
        }
        if let Some(used) = command.key.as_ref().and_then(|key| self.keys.get(key)) {
            let same = used.as_ref() == command.input();
            return if same {
                // An export looks again, also where it only gives its first result once more.
                if let Act::FileExport(number) = command.act {
                    self.look_again(number)?;
                }
                Ok(Answer::Replayed)
            } else {
                Err(Refusal::Rule("key.conflict"))
            };
        }
        self.yes = command.yes;
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
    fn asked_about(&self, act: &Act) -> Result<usize, Refusal> {
        if let Act::PayFile(rows) = act {
            let known = |paying: &&PaymentInput| self.withdrawal(paying.withdrawal).is_ok();
            return Ok(once_each(rows).0.into_iter().filter(known).count());
        }
        let of_event;
        let (which, states): (&WithdrawalSelection, &[&str]) = if let Act::EventCancel(event) = act
        {
            of_event = WithdrawalSelection::AllOf(event.clone());
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

    /// Checks whether a command records a payment that is asked about: its day is odd, or the bank may
    /// pay it from a file too.
    fn is_odd(&self, act: &Act) -> bool {
        let odd = |paying: &PaymentInput| {
            let Ok(at) = self.withdrawal(paying.withdrawal) else {
                return false;
            };
            let is_odd = self.is_odd_day(at, paying.date) || self.sent_in(at).is_some();
            self.withdrawals[at].status == "approved" && is_odd
        };
        if let Act::Pay(paying) = act {
            return odd(paying);
        }
        let Act::PayFile(rows) = act else {
            return false;
        };
        once_each(rows).0.into_iter().any(odd)
    }

    /// Checks whether a day is an odd one to have paid a withdrawal on.
    pub(super) fn is_odd_day(&self, withdrawal: usize, date: NaiveDate) -> bool {
        let withdrawal = &self.withdrawals[withdrawal];
        let event = &self.events[withdrawal.event];
        withdrawal.approved_on.is_some_and(|on| date < on)
            || date < event.record_date
            || (self.today - date).num_days() > 366
            || event.date > self.today
    }

    fn run(&mut self, actor: usize, act: &Act) -> Result<(), Refusal> {
        match act {
            Act::UserAdd { code, role } => self.add_user(actor, code, role),
            Act::UserSet { code, role, status } => self.set_user(actor, code, *role, *status),
            Act::UserAcknowledge(code) => self.acknowledge(actor, code),
            Act::HolderAdd { code, bank, tax } => self.add_holder(actor, code, (bank, *tax)),
            Act::HolderSet { code, bank, tax } => self.set_holder(actor, code, (bank, *tax)),
            Act::HolderStatus { verb, code } => {
                self.block_or_unblock(actor, code, *verb == "holder block")
            }
            Act::Token(entry) => self.enter(actor, entry),
            Act::ProjectSet {
                project,
                minimum,
                profile,
            } => self.set_project(actor, project, (*minimum, *profile)),
            Act::EventCreate(draft) => self.create_event(actor, draft),
            Act::ProjectExclude(new) => self.exclude_standing(actor, new),
            Act::ProjectInclude {
                holder,
                project,
                until,
            } => self.include_standing(actor, (holder, project), *until),
            Act::EventExclude {
                event,
                holders,
                policy,
                reason,
            } => self.exclude(actor, event, (holders, policy, reason)),
            Act::EventInclude { event, holders } => self.include(actor, event, holders),
            Act::Deduct { event, change } => self.deduct(actor, event, change),
            Act::EventCalculate(code) => self.calculate(actor, code),
            Act::EventApprove { code, hash } => self.approve_event(actor, code, hash.as_ref()),
            Act::EventCancel(code) => self.cancel_event(actor, code),
            Act::Request { event, whom, means } => self.request(actor, event, (whom, *means)),
            Act::Review { verb, which } => self.review(actor, verb, which),
            Act::Pay(paying) => {
                self.must(actor, "record")?;
                self.pay(actor, paying, Basis::Typed)
            }
            Act::PayFile(rows) => {
                self.must(actor, "record")?;
                let (rows, repeated) = once_each(rows);
                let judged = self.each_row(&rows, |books, paying| {
                    books.pay(actor, paying, Basis::Typed)
                });
                if repeated {
                    judged.and(Err(Refusal::Rows(None)))
                } else {
                    judged
                }
            }
            Act::Return { payment, date } => self.say_returned(actor, *payment, *date),
            Act::Correct {
                payment,
                reference,
                date,
            } => self.correct(actor, *payment, (reference.as_ref(), *date)),
            Act::Settle(payment) => self.settle_by_hand(actor, *payment),
            Act::UndoSettlement(payment) => self.undo_settlement(actor, *payment),
            Act::FileCreate {
                account,
                which,
                layout,
            } => self.create_file(actor, account, which, layout),
            Act::FileExport(number) => self.export_file(actor, *number),
            Act::FileCancel(number) => self.cancel_file(actor, *number),
            Act::FileDrop { file, withdrawal } => self.drop_item(actor, (*file, *withdrawal)),
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
            Act::StatementVoid(number) => self.void_statement(actor, *number),
            Act::Reconcile(account) => self.reconcile(actor, account),
            Act::Release {
                holder,
                project,
                event,
            } => self.release(actor, (holder, project), event),
            Act::WriteOff { project, below } => self.propose_write_off(actor, project, *below),
            Act::CertificateAdd(new) => self.add_certificate(actor, new),
            Act::Remit(new) => self.remit(actor, new),
            Act::RemittanceReverse(number) => self.reverse_remittance(actor, *number),
            Act::RuleAdd(rule) => self.propose_rule(actor, rule),
            Act::RuleRemove(number) => self.remove_rule(actor, *number),
            Act::Proposal { verb, number } => self.decide_proposal(actor, verb, *number),
            Act::Decide {
                verb,
                line,
                payments,
            } => self.decide(actor, verb, *line, payments),
        }
    }

    /// Refuses where the actor's role does not allow the act: admins may all, operators record,
    /// approvers review, auditors read.
    pub(super) fn must(&self, actor: usize, act: &str) -> Result<(), Refusal> {
        let allowed: &[&str] = match self.users[actor].role {
            "admin" => &["manage", "record", "review"],
            "operator" => &["record"],
            "approver" => &["review"],
            _ => &[],
        };
        if allowed.contains(&act) {
            Ok(())
        } else {
            Err(Refusal::Rule("user.forbidden"))
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
        mut step: impl FnMut(&mut Self, &R) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let (mut bad, mut noted) = (false, None);
        for row in rows {
            match step(self, row) {
                Ok(()) => {}
                Err(no) => {
                    bad = true;
                    if let Refusal::Rule(code) = no {
                        noted.get_or_insert(code);
                    }
                }
            }
        }
        if bad {
            Err(Refusal::Rows(noted))
        } else {
            Ok(())
        }
    }

    /// Finds what a code names, without regard to case.
    pub(super) fn event(&self, code: &str) -> Result<usize, Refusal> {
        // The code of a draft that was cancelled may be another event's, too.
        let named = |event: &Event| event.code.eq_ignore_ascii_case(code);
        let events = self.events.iter().enumerate();
        let found = events.filter(|(_, event)| named(event));
        let last = found.max_by_key(|(at, event)| (!event.is_code_free(), *at));
        last.map(|(at, _)| at).ok_or(Refusal::Name("event.unknown"))
    }

    pub(super) fn account(&self, code: &str) -> Result<usize, Refusal> {
        place(&self.accounts, code, |account| &account.code).ok_or(Refusal::Name("bank.unknown"))
    }

    pub(super) fn holder(&self, code: &str) -> Result<usize, Refusal> {
        place(&self.holders, code, |holder| &holder.code).ok_or(Refusal::Name("holder.unknown"))
    }

    pub(super) fn project(&self, code: &str) -> Result<usize, Refusal> {
        place(&self.projects, code, |project| project.code).ok_or(Refusal::Name("project.unknown"))
    }

    pub(super) fn user(&self, code: &str) -> Result<usize, Refusal> {
        place(&self.users, code, |user| &user.code).ok_or(Refusal::Name("user.unknown"))
    }

    /// Finds the withdrawal of a number.
    pub(super) fn withdrawal(&self, number: usize) -> Result<usize, Refusal> {
        if (1..=self.withdrawals.len()).contains(&number) {
            Ok(number - 1)
        } else {
            Err(Refusal::Name("withdrawal.unknown"))
        }
    }

    /// Finds the withdrawals that a command is about, each once; of an event all in one of the
    /// states, state by state.
    pub(super) fn chosen(
        &self,
        which: &WithdrawalSelection,
        states: &[&str],
    ) -> Result<Vec<usize>, Refusal> {
        let mut chosen = Vec::new();
        match which {
            WithdrawalSelection::These(numbers) => {
                for number in numbers {
                    let withdrawal = self.withdrawal(*number)?;
                    if !chosen.contains(&withdrawal) {
                        chosen.push(withdrawal);
                    }
                }
            }
            WithdrawalSelection::AllOf(event) => {
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
fn once_each(rows: &[PaymentInput]) -> (Vec<&PaymentInput>, bool) {
    let first = |(at, paying): &(usize, &PaymentInput)| {
        rows[..*at]
            .iter()
            .all(|above| above.reference != paying.reference)
    };
    let kept: Vec<&PaymentInput> = rows
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
