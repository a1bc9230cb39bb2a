//! The items of a payment file, with everything that happened to them since.

use std::collections::HashMap;

use crate::{
    domain::{
        account::BankDetails,
        bank_trace::TraceClass,
        code::{FileNumber, LineNumber},
        currency::Currency,
        end_to_end::EndToEnd,
        file_item::ItemEnd,
        holder_account::HolderAccount,
        payment_file::{AccountNow, ItemEnding, ItemNow, OnBank, PaymentFile, PaymentItem},
    },
    ops::Error,
    store::{AsOf, Member, StoredItem, StoredLink, Tx},
};

/// Reads the items that the bytes of a file are made of: all that were not dropped.
pub(super) fn items_to_write(tx: &mut Tx<'_>, file: FileNumber) -> Result<Vec<PaymentItem>, Error> {
    let mut items = Vec::new();
    tx.each_file_item(file, |item| {
        let dropped = |ended: &ItemEnding| ended.how == ItemEnd::Dropped;
        if !item.ended.as_ref().is_some_and(dropped) {
            items.push(PaymentItem::from(item));
        }
        Ok::<_, Error>(())
    })?;
    Ok(items)
}

/// Reads the items that are in a file, and what happened to each.
pub(super) fn items_now(tx: &mut Tx<'_>, file: &PaymentFile) -> Result<Vec<ItemNow>, Error> {
    let items = tx.live_file_items(file.number)?;
    let lines = lines_by_reference(tx)?;
    let mut references = HashMap::new();
    for (withdrawal, reference) in tx.references_of_file(file.number)? {
        if let Some(line) = EndToEnd::parse(&reference).and_then(|known| lines.get(&known)) {
            references.entry(withdrawal).or_insert(*line);
        }
    }
    items
        .into_iter()
        .map(|stored| {
            let account = account_now(tx, &stored, file.currency)?;
            let own = EndToEnd::parse(&stored.item.end_to_end);
            let shown = ByReference {
                own: own.and_then(|own| lines.get(&own).copied()),
                any: references.get(&stored.item.withdrawal).copied(),
            };
            let on_bank = on_bank(tx, &stored, shown)?;
            let StoredItem { item, facts } = stored;
            Ok(ItemNow {
                row: facts.row,
                item,
                payment: facts.payment,
                holder_status: facts.holder_status,
                event_status: facts.event_status,
                account,
                on_bank,
            })
        })
        .collect()
}

/// The first lines that carry references of a withdrawal.
#[derive(Clone, Copy)]
struct ByReference {
    /// The reference of the item.
    own: Option<LineNumber>,
    /// Any reference that a payment file gave the withdrawal.
    any: Option<LineNumber>,
}

/// Finds the lines that carry references, by the reference.
fn lines_by_reference(tx: &mut Tx<'_>) -> Result<HashMap<EndToEnd, LineNumber>, Error> {
    let mut lines = HashMap::new();
    for debit in tx.debit_texts()? {
        for reference in EndToEnd::find_in(&debit.text) {
            lines.entry(reference).or_insert(debit.line);
        }
    }
    Ok(lines)
}

/// Returns what the bank shows of an item: by the match or proposal that holds it, by a line with
/// its reference, or by a line that the last run could not decide about.
fn on_bank(tx: &mut Tx<'_>, stored: &StoredItem, shown: ByReference) -> Result<OnBank, Error> {
    if let Some(StoredLink {
        line,
        decided,
        through_file,
    }) = stored.facts.link
    {
        let through = decided && (through_file || shown.own == Some(line));
        return Ok(if through {
            OnBank::Paid(line)
        } else {
            OnBank::Maybe(line)
        });
    }
    if let Some(line) = shown.any {
        return Ok(OnBank::Maybe(line));
    }
    let last = tx.class_of(Member::Withdrawal(stored.item.withdrawal), None)?;
    let trace = last.map(|last| TraceClass {
        class: last.class,
        line: last.lines.first().copied(),
    });
    let line = trace.and_then(TraceClass::possible_payment);
    Ok(line.map_or(OnBank::Nothing, OnBank::Maybe))
}

/// Compares the holder's account with the item. What a request gave itself is not on record, so the
/// account that it would have taken is compared with itself at the time of the request.
fn account_now(
    tx: &mut Tx<'_>,
    stored: &StoredItem,
    currency: Currency,
) -> Result<AccountNow, Error> {
    let facts = &stored.facts;
    if facts.account_is_same {
        return Ok(AccountNow::Same);
    }
    let item: BankDetails = stored.item.bank.clone().into();
    let live = tx.holder_accounts(facts.holder, AsOf::Now)?;
    // It may have been changed and changed back, or removed and set again.
    if live
        .iter()
        .any(|account| account.takes(currency) && is_same(&account.bank, &item))
    {
        return Ok(AccountNow::Same);
    }
    let then = tx.holder_accounts(facts.holder, AsOf::At(facts.requested_at))?;
    let (before, now) = match facts.account {
        Some(number) => (
            then.iter().find(|account| account.number == number),
            live.iter().find(|account| account.number == number),
        ),
        None => (
            HolderAccount::for_currency(&then, currency),
            HolderAccount::for_currency(&live, currency),
        ),
    };
    let same = match (before, now) {
        (Some(before), Some(now)) => {
            is_same(&before.bank, &now.bank) && before.bank.currency == now.bank.currency
        }
        (None, None) => true,
        (Some(_), None) | (None, Some(_)) => false,
    };
    Ok(if same {
        AccountNow::Same
    } else {
        AccountNow::Changed
    })
}

/// Compares number, code and account name, not the spelling of the bank's name.
fn is_same(one: &BankDetails, other: &BankDetails) -> bool {
    one.account_number == other.account_number
        && one.bank_code == other.bank_code
        && one.account_name == other.account_name
}
