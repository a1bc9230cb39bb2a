//! What the bank accounts show apart from payments and returns, for the exported books.

use std::collections::BTreeMap;

use super::{AsOf, Error, LineFilter, Tx, journal::too_much};
use crate::domain::{
    bank::FundAccount,
    currency::Currency,
    journal::{BankEntry, Contra, Source},
    masking::{Place, masked},
    signed::Signed,
    time::{Date, DayRange},
};

impl Tx<'_> {
    /// Hands what the bank accounts show apart from payments and returns to `each`: account by
    /// account in order of their codes, the first opening balance and then the lines by booking
    /// date. All of it as known at `as_of`: a link that was decided after it holds no line yet.
    ///
    /// # Errors
    /// The error of `each`; [`Error`] if the ledger cannot be read.
    pub fn each_bank_entry<E: From<Error>>(
        &mut self,
        as_of: AsOf,
        mut each: impl FnMut(BankEntry) -> Result<(), E>,
    ) -> Result<(), E> {
        for account in self.bank_accounts(as_of)? {
            let statements = self.statements(account.account.id, as_of)?;
            let imported: BTreeMap<_, _> = statements
                .iter()
                .map(|known| (known.number, known.imported_at))
                .collect();
            let opens = statements
                .iter()
                .filter_map(|known| Some((known.dates?.first, known.number, known.opening?)))
                .min();
            if let Some((date, statement, opening)) = opens {
                let amount = self.before(&account, date, opening, as_of)?;
                let at = imported
                    .get(&statement)
                    .copied()
                    .ok_or_else(|| Error::bug("a statement is missing"))?;
                if !amount.is_zero() {
                    let source = Source::Opening { statement, date };
                    each(BankEntry {
                        at,
                        account: account.account.code.clone(),
                        currency: account.currency,
                        amount,
                        source,
                    })?;
                }
            }
            let filter = LineFilter {
                account: Some(account.account.id),
                ..LineFilter::default()
            };
            self.each_line(&filter, as_of, |line| {
                let Some(against) = Contra::of(&line) else {
                    return Ok(());
                };
                let at = imported.get(&line.statement).copied();
                let at = at.ok_or_else(|| {
                    Error::bug(format!("the statement of {} is missing", line.number))
                })?;
                let (account, currency, amount) =
                    (line.account.code, line.currency, line.line.amount);
                let value_date = line.line.value_date.unwrap_or(line.line.booking_date);
                let known = &line.known_accounts;
                let hidden = |text: &str, place| masked(text, known, place).into_owned();
                let description = hidden(&line.line.description, Place::Text);
                let reference = line.line.reference.as_deref();
                let reference = reference.map(|text| hidden(text, line.reference_place));
                let source = Source::Line {
                    number: line.number,
                    value_date,
                    description,
                    reference,
                    against,
                };
                each(BankEntry {
                    at,
                    account,
                    currency,
                    amount,
                    source,
                })
            })?;
        }
        Ok(())
    }

    /// Returns what an account had before all lines that the ledger has: an opening balance
    /// less the lines before it.
    fn before(
        &mut self,
        account: &FundAccount,
        date: Date,
        opening: Signed,
        as_of: AsOf,
    ) -> Result<Signed, Error> {
        let before = date
            .pred_opt()
            .and_then(|eve| DayRange::new(Date::MIN, eve));
        let Some(before) = before else {
            return Ok(opening);
        };
        let earlier = self.line_sum(account.account.id, before, as_of)?;
        opening.checked_sub(earlier).ok_or_else(too_much)
    }

    /// Returns the currencies of approved events and of bank accounts in order of their codes, each
    /// with the decimals that its amounts have at most, at least those of its minor unit.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn decimals_in_use(&mut self, as_of: AsOf) -> Result<Vec<(Currency, u32)>, Error> {
        // All that is owed of an event is a multiple of its unit. Zeros at the end do not count.
        const DECIMALS: &str = "SELECT e.currency, length(rtrim(substr(e.unit, -7), '0')) FROM distribution_events e
            WHERE e.approved_at IS NOT NULL AND (:at IS NULL OR e.approved_at <= :at)
            UNION SELECT b.currency, 0 FROM bank_accounts b WHERE :at IS NULL OR b.created_at <= :at
            UNION SELECT b.currency, max(length(rtrim(substr(l.amount, -7), '0'))) FROM bank_lines l
            JOIN bank_accounts b ON b.id = l.bank_account_id JOIN bank_statements s ON s.number = l.statement_number
            WHERE :at IS NULL OR s.imported_at <= :at GROUP BY b.currency
            UNION SELECT b.currency, length(rtrim(substr(s.opening_balance, -7), '0')) FROM bank_statements s
            JOIN bank_accounts b ON b.id = s.bank_account_id
            WHERE s.opening_balance IS NOT NULL AND (:at IS NULL OR s.imported_at <= :at)
            ORDER BY 1, 2";
        let mut by_code: BTreeMap<&'static str, (Currency, u32)> = BTreeMap::new();
        let values = [as_of.instant()];
        self.db.each(DECIMALS, values, |row| {
            let (currency, decimals): (Currency, u32) = (row.next()?, row.next()?);
            let (_, most) = by_code
                .entry(currency.code())
                .or_insert((currency, currency.decimals()));
            *most = decimals.max(*most);
            Ok::<_, Error>(())
        })?;
        Ok(by_code.into_values().collect())
    }
}
