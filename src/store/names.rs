//! Names in arguments: a code, a number such as `W-000001`, a UUID, or a unique UUID prefix of 8 or
//! more characters.

use super::{AsOf, Error, Noun, Suggestion, Suggests, Tx};
use crate::domain::{
    code::{
        CertificateNumber, FileNumber, ImportNumber, LineNumber, PaymentNumber, ProposalNumber,
        RemittanceNumber, StatementNumber, WithdrawalNumber,
    },
    time::Instant,
};

/// How many candidates of an ambiguous name are listed.
const CANDIDATES: usize = 10;

/// A code that was most likely meant.
enum Near {
    /// It, or the name of its holder, begins with what was given, and no other one does.
    Begins(String),
    /// It differs in a few letters.
    Resembles(String),
}

impl Noun {
    pub(super) const fn table(self) -> &'static str {
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
            Self::Import => "token_imports",
            Self::Proposal => "proposals",
            Self::Certificate => "tax_certificates",
            Self::Remittance => "tax_remittances",
        }
    }

    pub(super) const fn has_code(self) -> bool {
        match self {
            Self::User | Self::Project | Self::Holder | Self::Event | Self::BankAccount => true,
            Self::Withdrawal
            | Self::Payment
            | Self::Line
            | Self::PaymentFile
            | Self::Statement
            | Self::Import
            | Self::Proposal
            | Self::Certificate
            | Self::Remittance => false,
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
            Self::Import => ImportNumber::parse(given).map(ImportNumber::number),
            Self::Proposal => ProposalNumber::parse(given).map(ProposalNumber::number),
            Self::Certificate => CertificateNumber::parse(given).map(CertificateNumber::number),
            Self::Remittance => RemittanceNumber::parse(given).map(RemittanceNumber::number),
            Self::User | Self::Project | Self::Holder | Self::Event | Self::BankAccount => None,
        }
    }

    /// Reads a bare number, which names a numbered thing as well: `1` for `W-000001`.
    fn bare_number(self, given: &str) -> Option<i64> {
        let is_number = !given.is_empty() && given.bytes().all(|byte| byte.is_ascii_digit());
        if self.has_code() || !is_number {
            return None;
        }
        given.parse().ok()
    }

    /// Shows what people call a row.
    pub(super) fn show(self, number: i64, name: String) -> String {
        match self {
            Self::Withdrawal => WithdrawalNumber::new(number).to_string(),
            Self::Payment => PaymentNumber::new(number).to_string(),
            Self::Line => LineNumber::new(number).to_string(),
            Self::PaymentFile => FileNumber::new(number).to_string(),
            Self::Statement => StatementNumber::new(number).to_string(),
            Self::Import => ImportNumber::new(number).to_string(),
            Self::Proposal => ProposalNumber::new(number).to_string(),
            Self::Certificate => CertificateNumber::new(number).to_string(),
            Self::Remittance => RemittanceNumber::new(number).to_string(),
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
            suggestion: self.suggestion(noun, given)?,
        })
    }

    /// Finds the row number of what an argument names and what was in the ledger at `as_of`: what
    /// came later is as unknown as it was then. For things that have their creation in
    /// `created_at`.
    ///
    /// # Errors
    /// Those of [`Tx::resolve`].
    pub fn resolve_at(&mut self, noun: Noun, given: &str, as_of: AsOf) -> Result<i64, Error> {
        if let AsOf::At(at) = as_of {
            let then = match noun {
                Noun::Event => self.event_by_code_at(given, at)?,
                Noun::Holder => self.holder_by_code_at(given, as_of)?,
                Noun::User
                | Noun::Project
                | Noun::BankAccount
                | Noun::Withdrawal
                | Noun::Payment
                | Noun::Line
                | Noun::PaymentFile
                | Noun::Statement
                | Noun::Import
                | Noun::Proposal
                | Noun::Certificate
                | Noun::Remittance => None,
            };
            if let Some(number) = then {
                return Ok(number);
            }
            // A code that a holder got later belonged to nobody then.
            if noun == Noun::Holder && self.by_code(noun, given)?.is_some() {
                return Err(Error::Unknown {
                    noun,
                    given: given.to_owned(),
                    suggestion: Suggestion::Nothing,
                });
            }
        }
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
            suggestion: Suggestion::Nothing,
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
        let sql = format!("SELECT number FROM {table} WHERE number = ?1");
        if let Some(number) = noun.number(given) {
            return self.db.optional_value(&sql, [number]);
        }
        // Among the names of a file a bare number may be a cell of another column, so that it names nothing.
        if self.suggests == Suggests::Yes
            && let Some(number) = noun.bare_number(given)
            && let Some(found) = self.db.optional_value(&sql, [number])?
        {
            return Ok(Some(found));
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
        // The code of an event that was cancelled before its approval may be another event's, too.
        const EVENT: &str = "SELECT number FROM distribution_events WHERE code = ?1
            ORDER BY status = 'cancelled' AND approved_by IS NULL, number DESC LIMIT 1";
        if noun == Noun::Event {
            return self.db.optional_value(EVENT, [code]);
        }
        let sql = format!("SELECT number FROM {} WHERE code = ?1", noun.table());
        self.db.optional_value(&sql, [code])
    }

    /// Finds the event that had a code at an instant: the one that was not cancelled, if there was one.
    fn event_by_code_at(&self, code: &str, at: Instant) -> Result<Option<i64>, Error> {
        const FIND: &str = "SELECT number FROM distribution_events WHERE code = ?1 AND created_at <= ?2
            ORDER BY cancelled_at IS NOT NULL AND cancelled_at <= ?2 AND approved_by IS NULL, number DESC LIMIT 1";
        self.db.optional_value(FIND, (code, at))
    }

    /// Finds the holder that had a code on a past day: a code may have been another one's since.
    fn holder_by_code_at(&self, code: &str, as_of: AsOf) -> Result<Option<i64>, Error> {
        let source = as_of.source("lp_token_holders", "number, code");
        let sql = format!("SELECT number FROM {source} WHERE code = ?1 COLLATE NOCASE");
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

    /// Finds out what an unknown name may be meant for.
    fn suggestion(&mut self, noun: Noun, given: &str) -> Result<Suggestion, Error> {
        if self.suggests == Suggests::No {
            return Ok(Suggestion::Nothing);
        }
        let near = self.nearest(noun, given)?;
        if let Some(Near::Begins(code)) = near {
            return Ok(Suggestion::Like(code));
        }
        for other in Noun::ALL.into_iter().filter(|other| *other != noun) {
            let known = match other.number(given) {
                Some(_) => self.find(other, given)?,
                None if other.has_code() => self.by_code(other, given)?,
                None => None,
            };
            match (noun, other, known) {
                (_, _, None) => {}
                (Noun::Payment, Noun::Withdrawal, Some(number)) => {
                    return Ok(Suggestion::Paid {
                        withdrawal: WithdrawalNumber::new(number),
                        by: self.last_payment_of(number)?,
                    });
                }
                (_, _, Some(number)) => {
                    let name = other.show(number, given.to_owned());
                    return Ok(Suggestion::Other { noun: other, name });
                }
            }
        }
        if let Some(Near::Resembles(code)) = near {
            return Ok(Suggestion::Like(code));
        }
        let any = format!("SELECT 1 FROM {}", noun.table());
        Ok(if self.db.exists(&any, ())? {
            Suggestion::Nothing
        } else {
            Suggestion::NoneYet
        })
    }

    fn last_payment_of(&self, withdrawal: i64) -> Result<Option<PaymentNumber>, Error> {
        const PAID: &str = "SELECT y.number FROM withdrawal_requests w
            JOIN distribution_payments y ON y.withdrawal_request_id = w.id
            WHERE w.number = ?1 ORDER BY y.number DESC LIMIT 1";
        self.db.optional_value(PAID, [withdrawal])
    }

    /// Finds the code that looks most like what was given: one that begins with it, else one within three changes of a letter.
    fn nearest(&self, noun: Noun, given: &str) -> Result<Option<Near>, Error> {
        if !noun.has_code() {
            return Ok(None);
        }
        let given = given.to_lowercase();
        let mut begin: Vec<String> = Vec::new();
        let mut best: Option<(usize, String)> = None;
        // A holder is known by name as well.
        let name = if noun == Noun::Holder { "name" } else { "code" };
        let sql = format!("SELECT code, {name} FROM {} ORDER BY code", noun.table());
        self.db.each(&sql, (), |row| {
            let (code, name): (String, String) = (row.next()?, row.next()?);
            let begins = |text: &str| text.to_lowercase().starts_with(&given);
            if begin.len() < 2 && (begins(&code) || begins(&name)) {
                begin.push(code.clone());
            }
            let distance = strsim::damerau_levenshtein(&given, &code.to_ascii_lowercase());
            let closer = best.as_ref().is_none_or(|(least, _)| distance < *least);
            if distance <= 3 && distance < given.len().max(2) && closer {
                best = Some((distance, code));
            }
            Ok::<_, Error>(())
        })?;
        Ok(match begin.as_slice() {
            [only] => Some(Near::Begins(only.clone())),
            _ => best.map(|(_, code)| Near::Resembles(code)),
        })
    }
}
