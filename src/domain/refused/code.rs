//! The stable code of each refusal.

use super::Refused;
use crate::domain::account::BadAccount;

impl Refused {
    /// Returns the stable code, `noun.reason`.
    #[expect(clippy::too_many_lines, reason = "a line for each refusal")]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ClockAhead { .. } => "clock.ahead",
            Self::Forbidden { .. } => "user.forbidden",
            Self::UserInactive { .. } => "user.inactive",
            Self::LastAdmin { .. } => "user.last_admin",
            Self::AcknowledgeSameActor { .. } => "user.same_actor",
            Self::NotAcknowledged { .. } => "user.not_acknowledged",
            Self::Exists { noun: "user", .. } => "user.exists",
            Self::Exists {
                noun: "project", ..
            } => "project.exists",
            Self::Exists { noun: "holder", .. } => "holder.exists",
            Self::Exists {
                noun: "bank account",
                ..
            } => "bank.exists",
            Self::Exists { .. } => "event.exists",
            Self::KeyConflict { .. } => "key.conflict",
            Self::ReasonMissing { .. } => "reason.missing",
            Self::HolderBlocked { .. } => "holder.blocked",
            Self::HolderInUse { .. } => "holder.in_use",
            Self::NoBankDetails { .. } => "holder.no_bank_details",
            Self::NoAccountInCurrency { .. } => "holder.no_account_in_currency",
            Self::AccountExists { .. } => "holder.account_exists",
            Self::SeveralAccounts { .. } => "holder.several_accounts",
            Self::BadAccount(BadAccount::Iban) => "account.iban",
            Self::BadAccount(BadAccount::NotTenDigits { .. } | BadAccount::Nuban { .. }) => {
                "account.nuban"
            }
            Self::BankDetailsIncomplete { .. } => "withdrawal.bank_details_incomplete",
            Self::NoTokens => "token.zero",
            Self::SelfTransfer { .. } => "token.self_transfer",
            Self::NegativeBalance { .. } => "token.negative_balance",
            Self::ImportUndone { .. } => "token.import_undone",
            Self::ImportNotLast { .. } => "token.import_not_last",
            Self::ImportUsed { .. } => "token.import_used",
            Self::TokenReferenceUsed { .. } => "token.reference_used",
            Self::RegisterTooLarge { .. } => "token.too_many",
            Self::ImportDiffers { .. } => "token.import_differs",
            Self::RegisterNotEmpty { .. } => "token.register_not_empty",
            Self::LastRowIsSum { .. } => "token.last_row_is_sum",
            Self::EventAmountZero => "event.amount_zero",
            Self::EventUnitZero => "event.unit_zero",
            Self::EventAmountNotPayable { .. } => "event.not_a_multiple",
            Self::EventDates { .. } => "event.dates",
            Self::EventDuplicate { .. } => "event.duplicate",
            Self::EventState { .. } => "event.wrong_state",
            Self::RecordDateInFuture { .. } => "event.record_date_in_future",
            Self::NoTokensOutstanding { .. } => "event.no_tokens",
            Self::EventSameActor { .. } => "event.same_actor",
            Self::EventSameRegisterActor { .. } => "event.same_register_actor",
            Self::HashMismatch { .. } => "event.hash_mismatch",
            Self::StaleCalculation { .. } => "event.stale",
            Self::EventPaid { .. } => "event.paid",
            Self::EventForwardTaken { .. } | Self::EventForwardWrittenOff { .. } => {
                "event.forward_taken"
            }
            Self::ForwardOtherProject { .. } => "forward.other_project",
            Self::ForwardNothing { .. } => "forward.nothing",
            Self::ForwardPayable { .. } => "forward.payable",
            Self::ForwardChanged { .. } => "forward.changed",
            Self::NoParticipants { .. } => "event.no_participants",
            Self::NothingAllocated { .. } => "event.nothing_allocated",
            Self::AssignExcluded { .. } => "event.assign_excluded",
            Self::SanctionedExcluded => "event.sanctioned_excluded",
            Self::ExclusionDates { .. } => "exclusion.dates",
            Self::ExclusionOverlaps { .. } => "exclusion.overlap",
            Self::NotExcluded { .. } => "exclusion.none",
            Self::EventNotActive { .. } => "event.not_active",
            Self::NoAllocation { .. } => "withdrawal.no_allocation",
            Self::NothingAvailable { .. } => "withdrawal.nothing_available",
            Self::AmountZero => "withdrawal.amount_zero",
            Self::AmountNotPayable { .. } => "withdrawal.not_a_multiple",
            Self::AmountNotAvailable { .. } => "withdrawal.not_available",
            Self::WithdrawalState { .. } => "withdrawal.wrong_state",
            Self::WithdrawalSameActor { .. } => "withdrawal.same_actor",
            Self::WithdrawalBankChanger { .. } => "withdrawal.same_bank_changer",
            Self::AccountNotNeeded { .. } => "withdrawal.account_not_needed",
            Self::MeansDiffer { .. } => "withdrawal.means_differ",
            Self::NotATransfer { .. } => "payment_file.not_a_transfer",
            Self::WithdrawalSameApprover { .. } => "withdrawal.same_approver",
            Self::WithdrawalUnblocker { .. } => "withdrawal.same_unblocker",
            Self::ChangedMeanwhile { .. } => "withdrawal.changed_meanwhile",
            Self::SelectionChanged { .. } => "withdrawal.selection_changed",
            Self::HoldersLeftOut { .. } => "withdrawal.left_out",
            Self::AlreadyPaid { .. } => "payment.already_paid",
            Self::ReferenceEmpty => "payment.reference_missing",
            Self::ReferenceUsed { .. } => "payment.reference_used",
            Self::TransferDiffers { .. } | Self::TransferMeans { .. } => "payment.transfer_differs",
            Self::PaymentDateInFuture { .. } => "payment.date_in_future",
            Self::PaidTooMuch { .. } => "payment.too_much",
            Self::PaymentSameActor { .. } | Self::ReturnSameActor { .. } => "payment.same_actor",
            Self::NotOutstanding { .. } => "payment.not_outstanding",
            Self::NotSettled { .. } => "payment.not_settled",
            Self::OddPayment { .. } => "payment.odd",
            Self::MaybeInFlight { .. } => "payment.maybe_in_flight",
            Self::RequestedAgain { .. } => "payment.requested_again",
            Self::ReturnOfCancelled { .. } => "payment.event_cancelled",
            Self::DebitOfReturned { .. } => "payment.returned",
            Self::PaymentImported { .. } => "payment.imported",
            Self::PaymentState { .. } => "payment.wrong_state",
            Self::ReturnDate { .. } => "payment.return_date",
            Self::Proceeds(refusal) => refusal.code(),
            Self::BankAccountKnown { .. } => "bank.account_known",
            Self::BankProject { .. } => "bank.other_project",
            Self::BankProjectCurrency { .. } => "bank.project_currency",
            Self::BankCurrency { .. } => "bank.currency",
            Self::BankOtherAccount { .. } => "bank.other_account",
            Self::BankNotInFile { .. } => "bank.not_in_file",
            Self::StatementUnnamed { .. } => "statement.unnamed",
            Self::BankOverlap { .. } => "bank.overlap",
            Self::StatementVoid { .. } => "statement.void",
            Self::StatementDecided { .. } => "statement.decided",
            Self::StatementNeeded { .. } => "statement.needed",
            Self::StatementSameActor { .. } => "statement.same_actor",
            Self::LineState { .. } => "bank.line_state",
            Self::NothingProposed { .. } => "bank.nothing_proposed",
            Self::MatchAmount { .. } => "bank.amount_differs",
            Self::LineOtherCreditor { .. } | Self::LineOtherCreditorRole { .. } => {
                "line.other_creditor"
            }
            Self::PaymentMatched { .. } => "bank.payment_matched",
            Self::PaymentCurrency { .. } => "bank.payment_currency",
            Self::InPaymentFile { .. } => "withdrawal.in_payment_file",
            Self::MaybePaid { .. } => "payment_file.maybe_paid",
            Self::NoBankCode { .. } => "payment_file.no_bank_code",
            Self::NothingToFile { .. } => "payment_file.nothing_to_pay",
            Self::PaymentFileState { .. } => "payment_file.wrong_state",
            Self::ExecutionDatePast { .. } | Self::ExecutionDateFar { .. } => {
                "payment_file.execution_date"
            }
            Self::PaymentFileChanged { .. } | Self::PaymentFileMeanwhile { .. } => {
                "payment_file.changed"
            }
            Self::PaymentFileSameActor { .. } => "payment_file.same_actor",
            Self::PaymentFileSettled { .. } => "payment_file.settled",
            Self::PaymentFileNoItem { .. } => "payment_file.no_item",
            Self::PaymentFileItemSettled { .. } => "payment_file.item_settled",
            Self::PaymentFileEmpty { .. } => "payment_file.empty",
            Self::ProposalDecided { .. } => "proposal.decided",
            Self::ProposalSameActor { .. } => "proposal.same_actor",
            Self::HistoryWaits { .. } => "history.waits",
            Self::RuleText { .. } => "bank_rule.text",
            Self::RuleAmount { .. } => "bank_rule.amount",
            Self::RuleExists { .. } => "bank_rule.exists",
            Self::RuleRemoved { .. } => "bank_rule.removed",
            Self::NotARule { .. } => "bank_rule.none",
            Self::Tax(refused) => refused.code(),
        }
    }
}
