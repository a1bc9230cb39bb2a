//! The commands as words of the command line.

mod events;

use super::{
    Act, BANK, Bank, Command, FILE, HolderSelection, MEANS, NewAccount, PaymentInput, SENT,
    WithdrawalSelection,
};
use crate::model::{rules::NewRule, sheets, units::plain};

impl Bank {
    pub(in crate::model) const fn of(
        name: &'static str,
        code: Option<&'static str>,
        number: &'static str,
    ) -> Self {
        Self {
            name: Some(name),
            code,
            number: Some(number),
        }
    }

    pub(in crate::model) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    fn words(&self) -> Vec<String> {
        let flags = [
            ("--bank-name", self.name),
            ("--bank-code", self.code),
            ("--account-number", self.number),
        ];
        flags
            .into_iter()
            .flat_map(|(name, value)| flag(name, value))
            .collect()
    }
}

impl WithdrawalSelection {
    fn reviewed(&self, verb: &str) -> Vec<String> {
        let reason = flag("--reason", (verb == "withdrawal reject").then_some("no"));
        [self.words("--all"), reason].concat()
    }

    fn words(&self, flag: &str) -> Vec<String> {
        match self {
            Self::These(numbers) => numbers.iter().map(|number| format!("W-{number}")).collect(),
            Self::AllOf(event) => format!("--event {event} {flag}")
                .split_whitespace()
                .map(str::to_owned)
                .collect(),
        }
    }
}

impl Act {
    /// Names the verb, under which commands are counted.
    pub(in crate::model) const fn verb(&self) -> &'static str {
        match self {
            Self::UserAdd { .. } => "user add",
            Self::UserSet { .. } => "user set",
            Self::UserAcknowledge(_) => "user acknowledge",
            Self::HolderAdd { .. } => "holder add",
            Self::HolderSet { .. } => "holder set",
            Self::HolderStatus { verb, .. }
            | Self::Review { verb, .. }
            | Self::Proposal { verb, .. }
            | Self::Decide { verb, .. } => verb,
            Self::Token(entry) => entry.verb,
            Self::ProjectSet { .. } => "project set",
            Self::EventCreate(_) => "event create",
            Self::ProjectExclude(_) => "project exclude",
            Self::ProjectInclude { .. } => "project include",
            Self::EventExclude { .. } => "event exclude",
            Self::EventInclude { .. } => "event include",
            Self::Deduct { .. } => "event deduct",
            Self::EventCalculate(_) => "event calculate",
            Self::EventApprove { .. } => "event approve",
            Self::EventCancel(_) => "event cancel",
            Self::Request { .. } => "withdrawal request",
            Self::Pay(_) | Self::PayFile(_) => "withdrawal pay",
            Self::Return { .. } => "payment return",
            Self::Correct { .. } => "payment correct",
            Self::Settle(_) => "payment settle",
            Self::UndoSettlement(_) => "payment settle --undo",
            Self::FileCreate { .. } => "payment file create",
            Self::FileExport(_) => "payment file export",
            Self::FileCancel(_) => "payment file cancel",
            Self::FileDrop { .. } => "payment file drop",
            Self::HolderImport { .. } => "holder import",
            Self::TokenImport(_) => "token import",
            Self::Nav { .. } => "nav set",
            Self::BankAdd(_) => "bank add",
            Self::Import { .. } => "bank import",
            Self::StatementVoid(_) => "bank statement void",
            Self::Reconcile(_) => "bank reconcile",
            Self::Release { .. } => "forward release",
            Self::WriteOff { .. } => "forward write-off",
            Self::CertificateAdd(_) => "tax certificate add",
            Self::Remit(_) => "tax remit",
            Self::RemittanceReverse(_) => "tax remittance reverse",
            Self::RuleAdd(_) => "bank rule add",
            Self::RuleRemove(_) => "bank rule remove",
        }
    }

    /// Names the entry that the verb leaves in the audit trail.
    pub(in crate::model) fn activity(&self) -> &'static str {
        match self.verb() {
            "user add" => "user_added",
            "user set" => "user_changed",
            "user acknowledge" => "user_acknowledged",
            "holder add" => "holder_added",
            "holder set" => "holder_changed",
            "holder block" => "holder_blocked",
            "holder unblock" => "holder_unblocked",
            "token issue" => "tokens_issued",
            "token transfer" => "tokens_transferred",
            "token redeem" => "tokens_redeemed",
            "project set" => "project_changed",
            "event create" => "event_created",
            "project exclude" => "exclusion_added",
            "project include" => "exclusion_ended",
            "event exclude" | "event include" => "participation_changed",
            "event deduct" => "deductions_changed",
            "event calculate" => "allocations_calculated",
            "event approve" => "event_approved",
            "event cancel" => "event_cancelled",
            "withdrawal request" => "withdrawal_requested",
            "withdrawal approve" => "withdrawal_approved",
            "withdrawal reject" => "withdrawal_rejected",
            "withdrawal cancel" => "withdrawal_cancelled",
            "withdrawal pay" => "payment_recorded",
            "payment return" => "payment_returned",
            "payment correct" => "payment_corrected",
            "payment settle" | "payment settle --undo" => "payment_settled",
            "payment file create" => "payment_file_created",
            "payment file export" => "payment_file_exported",
            "payment file cancel" => "payment_file_cancelled",
            "payment file drop" => "payment_file_items_dropped",
            "holder import" => "holders_imported",
            "token import" => "tokens_imported",
            "nav set" => "nav_set",
            "bank add" => "bank_account_added",
            "bank import" => "statement_imported",
            "bank statement void" => "statement_voided",
            "bank reconcile" => "bank_reconciled",
            "forward release" => "forward_released",
            "tax remit" => "tax_remitted",
            "tax remittance reverse" => "tax_remittance_reversed",
            "bank rule add" | "forward write-off" | "tax certificate add" => "proposal_recorded",
            "bank rule remove" => "bank_rule_removed",
            "proposal approve" | "tax certificate approve" => "proposal_approved",
            "proposal reject" | "tax certificate reject" => "proposal_rejected",
            "bank confirm" | "bank match" => "line_matched",
            "bank reject" => "line_rejected",
            "bank unmatch" => "line_unmatched",
            "bank resolve" => "line_resolved",
            other => panic!("`{other}` has no activity"),
        }
    }

    /// Returns whether a second delivery without a key must write nothing: it is refused, or there
    /// is nothing left to do.
    pub(in crate::model) fn happens_once(&self) -> bool {
        match self {
            Self::Token(entry) => entry.reference.is_some(),
            Self::EventCreate(draft) => draft.code.is_some(),
            Self::EventCalculate(_)
            | Self::EventExclude { .. }
            | Self::EventInclude { .. }
            | Self::Nav { .. }
            | Self::FileExport(_)
            | Self::WriteOff { .. }
            | Self::RuleAdd(_) => false,
            Self::Request { whom, .. } => match whom {
                HolderSelection::One(_, amount, _) => amount.is_none(),
                HolderSelection::Everybody { .. } => true,
                HolderSelection::Rows(_) => false,
            },
            Self::UserAdd { .. }
            | Self::UserSet { .. }
            | Self::UserAcknowledge(_)
            | Self::HolderAdd { .. }
            | Self::HolderSet { .. }
            | Self::HolderStatus { .. }
            | Self::ProjectSet { .. }
            | Self::ProjectExclude(_)
            | Self::ProjectInclude { .. }
            | Self::Deduct { .. }
            | Self::EventApprove { .. }
            | Self::EventCancel(_)
            | Self::Review { .. }
            | Self::Pay(_)
            | Self::PayFile(_)
            | Self::Return { .. }
            | Self::Correct { .. }
            | Self::Settle(_)
            | Self::UndoSettlement(_)
            | Self::FileCreate { .. }
            | Self::FileCancel(_)
            | Self::FileDrop { .. }
            | Self::HolderImport { .. }
            | Self::TokenImport(_)
            | Self::BankAdd(_)
            | Self::Import { .. }
            | Self::StatementVoid(_)
            | Self::Reconcile(_)
            | Self::Release { .. }
            | Self::CertificateAdd(_)
            | Self::Remit(_)
            | Self::RemittanceReverse(_)
            | Self::RuleRemove(_)
            | Self::Proposal { .. }
            | Self::Decide { .. } => true,
        }
    }

    /// Returns the content of the file that the command reads, if it reads one.
    pub(in crate::model) fn file(&self) -> Option<String> {
        if let Self::Request {
            whom: HolderSelection::Rows(rows),
            ..
        } = self
        {
            let rows = rows
                .iter()
                .map(|(holder, amount)| format!("{holder},{}\n", plain(*amount)));
            return Some(format!("holder,amount\n{}", rows.collect::<String>()));
        }
        if let Self::HolderImport { rows, spoilt, .. } = self {
            return Some(sheets::holders(rows, *spoilt));
        }
        if let Self::TokenImport(file) = self {
            return Some(file.content());
        }
        if let Self::Import { rows, spoilt, .. } = self {
            return Some(sheets::statement(rows, *spoilt));
        }
        let Self::PayFile(rows) = self else {
            return None;
        };
        let rows = rows.iter().map(|paying| {
            let amount = paying.amount.map(plain).unwrap_or_default();
            format!(
                "W-{},{},{},{amount}\n",
                paying.withdrawal, paying.reference, paying.date
            )
        });
        Some(format!(
            "withdrawal,reference,date,amount\n{}",
            rows.collect::<String>()
        ))
    }

    /// Writes the verb with its arguments.
    pub(in crate::model) fn words(&self) -> Vec<String> {
        let mut words: Vec<String> = self.verb().split(' ').map(str::to_owned).collect();
        words.extend(self.arguments());
        words
    }

    #[expect(clippy::too_many_lines, reason = "a line for each verb")]
    fn arguments(&self) -> Vec<String> {
        let line = match self {
            Self::UserAdd { code, role } => format!("{code} --role {role}"),
            Self::UserSet { code, role, status } => {
                let set = [flag("--role", *role), flag("--status", *status)].concat();
                return [vec![code.clone()], set].concat();
            }
            Self::HolderAdd { code, bank, tax } => {
                return [
                    vec![code.clone(), "--name".to_owned(), format!("Name {code}")],
                    bank.words(),
                    tax.words(),
                ]
                .concat();
            }
            Self::HolderSet { code, bank, tax } => {
                return [vec![code.clone()], bank.words(), tax.words()].concat();
            }
            Self::HolderStatus { code, .. } => format!("{code} --reason said"),
            Self::Token(entry) => entry.arguments(),
            Self::ProjectSet {
                project,
                minimum,
                profile,
            } => {
                let minimum = minimum.map(plain);
                let minimum = flag("--minimum-payout", minimum.as_deref());
                let profile = flag("--tax-profile", *profile);
                return [vec![project.clone()], minimum, profile].concat();
            }
            Self::Release {
                holder,
                project,
                event,
            } => format!("{holder} --project {project} --event {event} --reason left"),
            Self::Remit(new) => new.arguments(),
            Self::RemittanceReverse(number) => format!("T-{number} --reason wrong"),
            Self::EventCreate(draft) => draft.arguments(),
            Self::ProjectExclude(new) => new.arguments(),
            Self::ProjectInclude {
                holder,
                project,
                until,
            } => format!("{holder} --project {project} --until {until}"),
            Self::EventExclude {
                event,
                holders,
                policy,
                reason,
            } => {
                let holders = holders.join(" ");
                format!("{event} {holders} --policy {policy} --reason {reason}")
            }
            Self::EventInclude { event, holders } => format!("{event} {}", holders.join(" ")),
            Self::Deduct { event, change } => format!("{event} {}", change.arguments()),
            Self::UserAcknowledge(code) | Self::EventCalculate(code) => code.clone(),
            Self::EventApprove { code, hash } => match hash {
                Some(hash) => format!("{code} --hash {}", hash.digits),
                None => code.clone(),
            },
            Self::EventCancel(code) => format!("{code} --reason off"),
            Self::Request { event, whom, means } => {
                let by = flag("--by", (*means != MEANS[0]).then_some(*means));
                let event = vec!["--event".to_owned(), event.clone()];
                return [event, whom.words(), by].concat();
            }
            Self::Review { verb, which } => return which.reviewed(verb),
            Self::Pay(paying) => paying.arguments(),
            Self::PayFile(_) => format!("--from {FILE}"),
            Self::Return { payment, date } => format!("P-{payment} --date {date} --reason closed"),
            Self::Correct {
                payment,
                reference,
                date,
            } => {
                let reference = flag("--reference", reference.as_deref());
                let date = date.map(|date| date.to_string());
                let date = flag("--date", date.as_deref());
                let reason = flag("--reason", Some("typo"));
                return [vec![format!("P-{payment}")], reference, date, reason].concat();
            }
            Self::Settle(payment) => format!("P-{payment} --reason lost"),
            Self::UndoSettlement(payment) => format!("P-{payment}"),
            Self::FileCreate {
                account,
                which,
                layout,
            } => {
                let account = format!("--account {account} --profile {layout}");
                return [
                    which.words(""),
                    account.split(' ').map(str::to_owned).collect(),
                ]
                .concat();
            }
            Self::FileExport(number) => format!("F-{number} -o {SENT} --force"),
            Self::FileCancel(number) => format!("F-{number} --reason wrong"),
            Self::FileDrop { file, withdrawal } => {
                format!("F-{file} W-{withdrawal} --reason wrong")
            }
            Self::HolderImport { update, .. } => {
                format!("{FILE}{}", if *update { " --update" } else { "" })
            }
            Self::TokenImport(file) => format!("{FILE} {}", file.options()),
            Self::Nav {
                project,
                amount,
                date,
            } => format!("{project} {} --date {date}", plain(*amount)),
            Self::BankAdd(account) => account.arguments(),
            Self::Import { account, .. } => format!("{account} {FILE}"),
            Self::StatementVoid(number) => format!("S-{number} --reason wrong"),
            Self::Reconcile(account) => account.clone(),
            Self::RuleAdd(rule) => return rule.arguments(),
            Self::RuleRemove(number) => format!("Q-{number} --reason ended"),
            Self::WriteOff { project, below } => {
                format!(
                    "--project {project} --below {} --reason ends",
                    plain(*below)
                )
            }
            Self::CertificateAdd(new) => new.arguments(),
            Self::Proposal {
                verb: "tax certificate reject",
                number,
            } => format!("X-{number} --reason no"),
            Self::Proposal {
                verb: "tax certificate approve",
                number,
            } => format!("X-{number}"),
            Self::Proposal { verb, number } if *verb == "proposal reject" => {
                format!("Q-{number} --reason no")
            }
            Self::Proposal { number, .. } => format!("Q-{number}"),
            Self::Decide {
                verb,
                line,
                payments,
            } => {
                let payments: Vec<String> = payments
                    .iter()
                    .map(|payment| format!(" P-{payment}"))
                    .collect();
                let why = match *verb {
                    "bank unmatch" => " --reason wrong",
                    "bank resolve" => " --kind other --reason known",
                    _ => "",
                };
                format!("L-{line}{}{why}", payments.concat())
            }
        };
        line.split(' ').map(str::to_owned).collect()
    }
}

impl PaymentInput {
    fn arguments(&self) -> String {
        let Self {
            withdrawal,
            reference,
            date,
            amount,
            means,
        } = self;
        let amount = amount
            .map(|amount| format!(" --amount {}", plain(amount)))
            .unwrap_or_default();
        let by = means
            .map(|means| format!(" --by {means}"))
            .unwrap_or_default();
        format!("W-{withdrawal} --reference {reference} --date {date}{amount}{by}")
    }
}

impl NewRule {
    fn arguments(&self) -> Vec<String> {
        let at_most = plain(self.at_most);
        let words = [
            &self.account,
            "--text",
            self.text,
            "--kind",
            self.kind,
            "--at-most",
            &at_most,
        ];
        words.map(str::to_owned).to_vec()
    }
}

impl NewAccount {
    fn arguments(&self) -> String {
        let Self {
            code,
            number,
            currency,
            project,
        } = self;
        let project = project
            .as_ref()
            .map(|project| format!(" --project {project}"))
            .unwrap_or_default();
        format!(
            "{code} --bank-name {BANK} --account-number {number} --currency {currency}{project}"
        )
    }
}

impl Command {
    /// Returns all that a key is bound to: who acts, the command, its arguments, and the content of
    /// its file.
    pub(in crate::model) fn input(&self) -> String {
        format!(
            "{} {} {}",
            self.who,
            self.act.words().join(" "),
            self.act.file().unwrap_or_default()
        )
    }

    /// Writes the whole command line.
    pub(in crate::model) fn words(&self) -> Vec<String> {
        let mut words = self.act.words();
        let asks = may_ask(&words);
        words.extend([
            "--as".to_owned(),
            self.who.clone(),
            "-f".to_owned(),
            "json".to_owned(),
        ]);
        if self.yes && self.act.approves_all() {
            words.extend(["--hash", "REVIEWED"].map(str::to_owned));
        } else {
            words.extend((self.yes && asks).then(|| "--yes".to_owned()));
        }
        words.extend(flag("--key", self.key.as_deref()));
        words
    }
}

impl Act {
    /// Returns whether it approves all that waits in an event.
    pub(in crate::model) fn approves_all(&self) -> bool {
        matches!(
            self,
            Self::Review {
                verb: "withdrawal approve",
                which: WithdrawalSelection::AllOf(_),
            }
        )
    }
}

/// Returns whether a command may ask, so that it takes `--yes`.
fn may_ask(words: &[String]) -> bool {
    let [noun, verb, ..] = words else {
        return false;
    };
    matches!(
        (noun.as_str(), verb.as_str()),
        ("token", "import")
            | ("event", "create" | "cancel")
            | ("withdrawal", "approve" | "cancel" | "pay")
            | ("payment", "correct")
    )
}

fn flag(name: &str, value: Option<&str>) -> Vec<String> {
    value
        .map(|value| vec![name.to_owned(), value.to_owned()])
        .unwrap_or_default()
}
