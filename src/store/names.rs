//! Names in arguments: a code, a number such as `W-000001`, a UUID, or a unique UUID prefix of 8 or
//! more characters.

use super::{AsOf, Error, Noun, Suggests, Tx};
use crate::domain::code::{
    FileNumber, LineNumber, PaymentNumber, StatementNumber, WithdrawalNumber,
};

/// How many candidates of an ambiguous name are listed.
const CANDIDATES: usize = 10;

impl Noun {
    const fn table(self) -> &'static str {
        match self {
            Self::User => "users",
            Self::Project => "projects",
            Self::Holder => "lp_token_holders",
            Self::Event => "distribution_events",
            Self::Withdrawal => "withdrawal_requests",
            Self::Payment => "distribution_payments",
            Self::BankAccount => "bank_accounts",
            Self::Line => "bank_lines",
            Self::PaymentFile => "payment_files",
            Self::Statement => "bank_statements",
        }
    }

    const fn has_code(self) -> bool {
        match self {
            Self::User | Self::Project | Self::Holder | Self::Event | Self::BankAccount => true,
            Self::Withdrawal | Self::Payment | Self::Line | Self::PaymentFile | Self::Statement => {
                false
            }
        }
    }

    /// Reads a numbered name of this noun.
    fn number(self, given: &str) -> Option<i64> {
        match self {
            Self::Withdrawal => WithdrawalNumber::parse(given).map(WithdrawalNumber::number),
            Self::Payment => PaymentNumber::parse(given).map(PaymentNumber::number),
            Self::Line => LineNumber::parse(given).map(LineNumber::number),
            Self::PaymentFile => FileNumber::parse(given).map(FileNumber::number),
            Self::Statement => StatementNumber::parse(given).map(StatementNumber::number),
            Self::User | Self::Project | Self::Holder | Self::Event | Self::BankAccount => None,
        }
    }

    /// Shows what people call a row.
    fn show(self, number: i64, name: String) -> String {
        match self {
            Self::Withdrawal => WithdrawalNumber::new(number).to_string(),
            Self::Payment => PaymentNumber::new(number).to_string(),
            Self::Line => LineNumber::new(number).to_string(),
            Self::PaymentFile => FileNumber::new(number).to_string(),
            Self::Statement => StatementNumber::new(number).to_string(),
            Self::User | Self::Project | Self::Holder | Self::Event | Self::BankAccount => name,
        }
    }
}

impl Tx<'_> {
    /// Finds the row number of what an argument names.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the nearest name, [`Error::Ambiguous`] with the candidates.
    pub fn resolve(&mut self, noun: Noun, given: &str) -> Result<i64, Error> {
        if let Some(number) = self.find(noun, given)? {
            return Ok(number);
        }
        Err(Error::Unknown {
            noun,
            given: given.to_owned(),
            nearest: self.nearest(noun, given)?,
        })
    }

    /// Finds the row number of what an argument names and what was in the ledger at `as_of`: what
    /// came later is as unknown as it was then. For things that have their creation in
    /// `created_at`.
    ///
    /// # Errors
    /// Those of [`Tx::resolve`].
    pub fn resolve_at(&mut self, noun: Noun, given: &str, as_of: AsOf) -> Result<i64, Error> {
        let number = self.resolve(noun, given)?;
        let sql = format!(
            "SELECT 1 FROM {} WHERE number = ?1 AND (?2 IS NULL OR created_at <= ?2)",
            noun.table()
        );
        if self.db.exists(&sql, (number, as_of.instant()))? {
            return Ok(number);
        }
        Err(Error::Unknown {
            noun,
            given: given.to_owned(),
            nearest: None,
        })
    }

    /// Finds the row number of what an argument names, or `None` if nothing has that name.
    ///
    /// # Errors
    /// [`Error::Ambiguous`] with the candidates.
    pub fn find(&mut self, noun: Noun, given: &str) -> Result<Option<i64>, Error> {
        let table = noun.table();
        if noun.has_code()
            && let Some(number) = self.by_code(noun, given)?
        {
            return Ok(Some(number));
        }
        if let Some(number) = noun.number(given) {
            let sql = format!("SELECT number FROM {table} WHERE number = ?1");
            return self.db.optional_value(&sql, [number]);
        }
        self.by_id(noun, &given.to_ascii_lowercase())
    }

    /// Returns whether something has exactly this code, without regard to case.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read or written.
    pub fn has_code(&mut self, noun: Noun, code: &str) -> Result<bool, Error> {
        Ok(self.by_code(noun, code)?.is_some())
    }

    fn by_code(&self, noun: Noun, code: &str) -> Result<Option<i64>, Error> {
        let sql = format!("SELECT number FROM {} WHERE code = ?1", noun.table());
        self.db.optional_value(&sql, [code])
    }

    fn by_id(&self, noun: Noun, prefix: &str) -> Result<Option<i64>, Error> {
        let shaped = prefix.len() >= 8
            && prefix
                .bytes()
                .all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
        if !shaped {
            return Ok(None);
        }
        let name = if noun.has_code() { "code" } else { "id" };
        // `g` sorts after every hexadecimal digit, so the range holds just the ids that begin with
        // the prefix.
        let sql = format!(
            "SELECT number, {name} FROM {} WHERE id >= ?1 AND id < ?1 || 'g' ORDER BY number LIMIT {}",
            noun.table(),
            CANDIDATES + 1
        );
        let found: Vec<(i64, String)> = self
            .db
            .query(&sql, [prefix], |row| Ok((row.next()?, row.next()?)))?;
        if let [(number, _)] = found.as_slice() {
            return Ok(Some(*number));
        }
        if found.is_empty() {
            return Ok(None);
        }
        let more = found.len() > CANDIDATES;
        let mut candidates: Vec<String> = found
            .into_iter()
            .take(CANDIDATES)
            .map(|(number, name)| noun.show(number, name))
            .collect();
        if more {
            candidates.push("…".to_owned());
        }
        Err(Error::Ambiguous {
            noun,
            given: prefix.to_owned(),
            candidates,
        })
    }

    /// Finds the code that looks most like what was given, within three changes of a letter.
    fn nearest(&self, noun: Noun, given: &str) -> Result<Option<String>, Error> {
        if !noun.has_code() || self.suggests == Suggests::No {
            return Ok(None);
        }
        let given = given.to_ascii_lowercase();
        let mut best: Option<(usize, String)> = None;
        let sql = format!("SELECT code FROM {} ORDER BY code", noun.table());
        self.db.each(&sql, (), |row| {
            let code: String = row.next()?;
            let distance = strsim::damerau_levenshtein(&given, &code.to_ascii_lowercase());
            let closer = best.as_ref().is_none_or(|(least, _)| distance < *least);
            if distance <= 3 && distance < given.len().max(2) && closer {
                best = Some((distance, code));
            }
            Ok::<_, Error>(())
        })?;
        Ok(best.map(|(_, code)| code))
    }
}
