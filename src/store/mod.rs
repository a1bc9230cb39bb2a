//! The ledger file: one SQLite database, which only [`db`] knows.
//!
//! [`Ledger`] opens the file and runs transactions; [`Tx`] reads; [`WriteTx`] writes, and appends
//! to the audit trail what it wrote. Each noun has a file here; [`mod@file`] has what concerns the file
//! as a whole, [`trail`] the audit trail, and [`check`] the checks of a ledger.

mod allocation;
mod as_of;
mod balance;
mod bank;
mod bank_class;
mod bank_journal;
mod bank_rule;
mod check;
mod classified_payment;
mod closing;
mod component;
mod controls;
mod db;
mod deduction;
mod error;
mod event;
mod expected;
mod file;
mod file_item;
mod forward;
mod hands;
mod holder;
mod holder_account;
mod journal;
mod known_account;
mod ledger;
mod line;
mod link;
mod names;
mod nav;
mod participation;
mod payment;
mod payment_file;
mod project;
mod proposal;
mod reference;
mod request_file;
mod reserve;
mod statement;
mod status;
mod tax_certificate;
mod tax_profile;
mod token;
mod token_import;
mod trail;
mod tx;
mod used_units;
mod user;
mod withdrawal;

pub use allocation::{AllocationRange, NewAllocation};
pub use as_of::{AsOf, Page};
pub use bank::NewBankAccount;
pub use bank_class::Member;
pub use controls::Between;
pub use db::Access;
pub use error::{Error, Noun, Suggestion};
pub use event::{EventFilter, EventTexts, NewEventRow};
pub use file::backup::IfThere;
pub use file::leftovers::{TEMPORARY, leftovers, sweep};
pub use file::migrate::Migrated;
pub use file::open::is_open_to_group;
pub use file::reserved::{Reserved, folder, reserved};
#[cfg(debug_assertions)]
pub use file::versions::add_test_migration;
pub use file_item::{ItemFacts, NewFileItem, StoredItem, StoredLink};
pub use forward::{ForwardAccount, NewForwardMovement};
pub use hands::RegisterSpan;
pub use holder::{HolderChange, NewHolder};
pub use ledger::{Aside, Done, How, Ledger, Refusal, Request};
pub use line::{LineFilter, NewLine};
pub use payment::{NewPaymentRow, PaymentFilter};
pub use payment_file::{FileContent, NewPaymentFile};
pub use project::ProjectChange;
pub use proposal::NewProposal;
pub use reference::DebitText;
pub use request_file::NewRequestFile;
pub use reserve::NewReserveMovement;
pub use token::{EntrySource, ImportRow, NewEntry, NewImport};
pub use trail::audit::EntryFilter;
pub use tx::{Suggests, Tx, WriteTx};
pub use withdrawal::{BankMentions, NewWithdrawal, PayableWithdrawal, WithdrawalFilter};
