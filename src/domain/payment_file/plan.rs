//! What goes into a payment file: decided from everything that was read, before anything is
//! written.

use crate::domain::{
    Refused,
    account::{BankAccount, Scheme},
    bank::FundAccount,
    bank_trace::BankTrace,
    code::{Code, FileNumber},
    end_to_end::EndToEnd,
    file_item::LATEST_EXECUTION,
    holder::HolderStatus,
    quantity::Total,
    time::{Date, Instant},
    withdrawal::{Withdrawal, WithdrawalStatus},
};

use super::{FileHeader, Layout, PaymentItem};

/// Everything that decides a payment file.
#[derive(Clone, Debug)]
pub struct PlanInput<'a> {
    /// The account that pays.
    pub account: &'a FundAccount,
    /// Who pays: the name.
    pub debtor: String,
    /// The layout.
    pub layout: Layout,
    /// The number of the file.
    pub number: FileNumber,
    /// Something that no other file of any ledger has: the end of the message id.
    pub unique: String,
    /// When the file is created.
    pub created_at: Instant,
    /// When the bank is to pay.
    pub execution_date: Date,
    /// The day on which the file is created.
    pub today: Date,
    /// References that nothing in the ledger has yet, as many as there are withdrawals.
    pub references: Vec<EndToEnd>,
    /// The event whose withdrawals are filed, if they were not named one by one.
    pub event: Option<Code>,
    /// The files that hold approved withdrawals of the event, and how many; only asked for if there is no candidate.
    pub filed: Vec<(FileNumber, u64)>,
    /// The withdrawals that are to be paid.
    pub candidates: Vec<Candidate>,
}

/// A withdrawal that is to go into a payment file, with everything that may speak against it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The withdrawal.
    pub withdrawal: Withdrawal,
    /// The holder's name.
    pub holder_name: String,
    /// Whether the holder may be paid.
    pub holder_status: HolderStatus,
    /// What the bank side shows of the withdrawal.
    pub trace: BankTrace,
}

/// A payment file that was decided and is not yet written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The layout.
    pub layout: Layout,
    /// What applies to all payments.
    pub header: FileHeader,
    /// The payments, in order of their withdrawals.
    pub items: Vec<PaymentItem>,
}

/// Why there is no plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoPlan {
    /// There is nothing to pay.
    Refused(Refused),
    /// Rules refused some of the withdrawals.
    Withdrawals {
        /// Every refused withdrawal, and why.
        refusals: Vec<(Withdrawal, Refused)>,
        /// How many withdrawals there were.
        of: usize,
    },
    /// There are fewer references than withdrawals.
    NoReference,
    /// The payments add up to more than any total.
    TotalTooLarge,
}

/// Decides a payment file: every withdrawal gets its reference, or is refused.
///
/// # Errors
/// [`NoPlan`]: [`Refused::ExecutionDatePast`], [`Refused::ExecutionDateFar`]; or it names every
/// withdrawal that is refused: [`Refused::WithdrawalState`],
/// [`Refused::InPaymentFile`], [`Refused::MaybePaid`], [`Refused::NoBankCode`],
/// [`Refused::BankProject`], [`Refused::BankCurrency`], [`Refused::HolderBlocked`]; or
/// [`Refused::NothingToFile`] for an event without any.
pub fn plan(input: PlanInput<'_>) -> Result<Plan, NoPlan> {
    let PlanInput {
        account,
        layout,
        mut candidates,
        ..
    } = input;
    must_be_executable(input.execution_date, input.today).map_err(NoPlan::Refused)?;
    if let (Some(event), true) = (input.event, candidates.is_empty()) {
        let files = input.filed;
        return Err(NoPlan::Refused(Refused::NothingToFile { event, files }));
    }
    candidates.sort_by_key(|candidate| candidate.withdrawal.number);
    let of = candidates.len();
    let (mut items, mut refusals) = (Vec::with_capacity(of), Vec::new());
    let mut references = input.references.into_iter();
    for candidate in candidates {
        let bank = match candidate.must_fit(account, layout) {
            Ok(bank) => bank,
            Err(refused) => {
                refusals.push((candidate.withdrawal, refused));
                continue;
            }
        };
        let reference = references.next().ok_or(NoPlan::NoReference)?;
        items.push(candidate.into_item(reference.into(), bank));
    }
    if !refusals.is_empty() {
        return Err(NoPlan::Withdrawals { refusals, of });
    }
    let total: Option<Total> = items.iter().map(|item| item.amount).sum();
    let message_id = format!("{}-{}", input.number, input.unique);
    let header = FileHeader {
        number: input.number,
        message_id: message_id.chars().take(MESSAGE_ID).collect(),
        created_at: input.created_at,
        execution_date: input.execution_date,
        currency: account.currency,
        debtor: input.debtor,
        account: account.bank.clone(),
        count: u64::try_from(items.len()).unwrap_or(u64::MAX),
        total: total.ok_or(NoPlan::TotalTooLarge)?,
    };
    Ok(Plan {
        layout,
        header,
        items,
    })
}

/// The longest message id that ISO 20022 allows.
const MESSAGE_ID: usize = 35;

/// Refuses a day on which no bank pays a new file.
fn must_be_executable(date: Date, today: Date) -> Result<(), Refused> {
    let days = date.signed_duration_since(today).num_days();
    match days {
        ..0 => Err(Refused::ExecutionDatePast { date, today }),
        0..=LATEST_EXECUTION => Ok(()),
        _ => Err(Refused::ExecutionDateFar { date, today }),
    }
}

impl Candidate {
    /// Returns the account that it goes to, if the file can pay it.
    fn must_fit(&self, account: &FundAccount, layout: Layout) -> Result<BankAccount, Refused> {
        let withdrawal = &self.withdrawal;
        let number = withdrawal.number;
        if withdrawal.status() != WithdrawalStatus::Approved {
            return Err(Refused::WithdrawalState {
                withdrawal: number,
                status: withdrawal.status(),
                verb: "paid by a file",
            });
        }
        let Some(bank) = &withdrawal.bank else {
            return Err(Refused::NotATransfer {
                withdrawal: number,
                means: withdrawal.means,
            });
        };
        self.trace.must_be_free(number)?;
        // Only the generic layout names a bank in words; people read it.
        let nameless = bank.bank_code.is_none() && bank.scheme() != Scheme::Iban;
        if nameless && layout != Layout::Generic {
            return Err(Refused::NoBankCode {
                withdrawal: number,
                holder: withdrawal.holder.code.clone(),
            });
        }
        account.must_pay_for(&withdrawal.project, withdrawal.currency)?;
        self.holder_status.must_be_open(&withdrawal.holder.code)?;
        Ok(bank.clone())
    }

    fn into_item(self, end_to_end: String, bank: BankAccount) -> PaymentItem {
        let Withdrawal {
            number,
            amount,
            holder,
            event,
            ..
        } = self.withdrawal;
        PaymentItem {
            withdrawal: number,
            end_to_end,
            amount,
            holder: holder.code,
            holder_name: self.holder_name,
            bank,
            event: event.code,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        code::{LineNumber, WithdrawalNumber},
        currency::Currency,
        event::tests::{amount, day, named, now},
        session::{Ids, Randomness},
        withdrawal::tests::{bank, blocked, withdrawal},
    };

    fn account() -> FundAccount {
        FundAccount {
            number: 1,
            account: named("OPS"),
            bank: bank().account().unwrap(),
            currency: Currency::parse("NGN").unwrap(),
            project: None,
            created_by: named("ada"),
            created_at: now(),
        }
    }

    fn references() -> Vec<EndToEnd> {
        let mut ids = Ids::at(now(), Randomness::Fixed(1));
        (0..9).map(|_| ids.reference()).collect()
    }

    fn candidate(number: i64, status: WithdrawalStatus) -> Candidate {
        Candidate {
            withdrawal: Withdrawal {
                number: WithdrawalNumber::new(number),
                ..withdrawal(status)
            },
            holder_name: "Adaeze".to_owned(),
            holder_status: HolderStatus::Active,
            trace: BankTrace::default(),
        }
    }

    fn approved(number: i64) -> Candidate {
        candidate(number, WithdrawalStatus::Approved)
    }

    fn input(account: &FundAccount, candidates: Vec<Candidate>) -> PlanInput<'_> {
        PlanInput {
            account,
            debtor: "Lagos Tower".to_owned(),
            layout: Layout::Generic,
            number: FileNumber::new(1),
            unique: "x".repeat(40),
            created_at: now(),
            execution_date: day("2026-07-01"),
            today: day("2026-07-01"),
            references: references(),
            event: None,
            filed: Vec::new(),
            candidates,
        }
    }

    #[test]
    fn a_plan_counts_and_adds_up_its_payments_in_order_of_their_withdrawals() {
        let account = account();
        let plan = plan(input(&account, vec![approved(9), approved(2)])).unwrap();
        let numbers: Vec<i64> = plan
            .items
            .iter()
            .map(|item| item.withdrawal.number())
            .collect();
        assert_eq!(numbers, [2, 9]);
        let expected = references().into_iter().take(2).map(String::from);
        let made = plan.items.iter().map(|item| item.end_to_end.clone());
        assert!(made.eq(expected));
        let header = plan.header;
        assert_eq!((header.count, header.total), (2, amount("80").widen()));
        assert_eq!(header.message_id.len(), MESSAGE_ID);
        assert!(header.message_id.starts_with("F-000001-x"));
    }

    #[test]
    fn every_withdrawal_that_a_rule_refuses_is_named() {
        let account = account();
        let no_code = |mut candidate: Candidate| {
            if let Some(bank) = &mut candidate.withdrawal.bank {
                bank.bank_code = None;
            }
            candidate
        };
        let in_file = BankTrace {
            file: Some(FileNumber::new(3)),
            ..BankTrace::default()
        };
        let maybe_paid = BankTrace {
            proposal: Some(LineNumber::new(4)),
            ..BankTrace::default()
        };
        let candidates = vec![
            approved(1),
            candidate(2, WithdrawalStatus::Pending),
            Candidate {
                trace: in_file,
                ..approved(3)
            },
            Candidate {
                trace: maybe_paid,
                ..approved(4)
            },
            Candidate {
                holder_status: blocked(),
                ..approved(5)
            },
            no_code(approved(6)),
        ];
        let input = PlanInput {
            layout: Layout::Pain00109,
            ..input(&account, candidates)
        };
        let Err(NoPlan::Withdrawals { refusals, of }) = plan(input) else {
            panic!("a plan was made");
        };
        let codes: Vec<_> = refusals
            .iter()
            .map(|(withdrawal, refused)| (withdrawal.number.number(), refused.code()))
            .collect();
        assert_eq!(of, 6);
        assert_eq!(
            codes,
            [
                (2, "withdrawal.wrong_state"),
                (3, "withdrawal.in_payment_file"),
                (4, "payment_file.maybe_paid"),
                (5, "holder.blocked"),
                (6, "payment_file.no_bank_code"),
            ]
        );
    }

    #[test]
    fn a_bank_pays_a_new_file_from_today_on_and_within_366_days() {
        let account = account();
        for (date, expected) in [
            ("2026-06-30", "payment_file.execution_date"),
            ("2026-07-01", "planned"),
            ("2027-07-02", "planned"),
            ("2027-07-03", "payment_file.execution_date"),
            ("2020-01-01", "payment_file.execution_date"),
        ] {
            let input = PlanInput {
                execution_date: day(date),
                ..input(&account, vec![approved(1)])
            };
            let found = match plan(input) {
                Ok(_) => "planned",
                Err(NoPlan::Refused(refused)) => refused.code(),
                Err(other) => panic!("{other:?}"),
            };
            assert_eq!(found, expected, "{date}");
        }
    }

    #[test]
    fn an_event_without_unfiled_withdrawals_is_refused() {
        let account = account();
        let event = Code::parse("LAGOS-2026-01").unwrap();
        let nothing = PlanInput {
            event: Some(event.clone()),
            ..input(&account, Vec::new())
        };
        let files = Vec::new();
        let refused = NoPlan::Refused(Refused::NothingToFile { event, files });
        assert_eq!(plan(nothing), Err(refused));
    }
}
