//! Which column of a bank's text holds what.

use serde::{Deserialize, Deserializer};

use crate::domain::profile_error::{ProfileError, check_length};

/// Which column holds what.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ProfileColumns {
    /// The booking date.
    pub date: Option<ProfileColumn>,
    /// The value date.
    pub value_date: Option<ProfileColumn>,
    /// What the bank writes: one column, or several that are joined in this order.
    #[serde(deserialize_with = "one_or_several")]
    pub description: Vec<ProfileColumn>,
    /// The reference.
    pub reference: Option<ProfileColumn>,
    /// The bank's own id of the line.
    pub bank_id: Option<ProfileColumn>,
    /// The amount, if money in and out is in one column.
    pub amount: Option<ProfileColumn>,
    /// Money out.
    pub debit: Option<ProfileColumn>,
    /// Money in.
    pub credit: Option<ProfileColumn>,
    /// The mark next to the amount, such as `CR` or `DR`.
    pub direction: Option<ProfileColumn>,
    /// The balance after the line.
    pub balance: Option<ProfileColumn>,
    /// The currency.
    pub currency: Option<ProfileColumn>,
    /// The status, such as `Pending`.
    pub status: Option<ProfileColumn>,
    /// Who paid or was paid.
    pub counterparty_name: Option<ProfileColumn>,
    /// The account of who paid or was paid.
    pub counterparty_account: Option<ProfileColumn>,
    /// The reference that the payer gave and the bank carried.
    pub end_to_end: Option<ProfileColumn>,
}

/// A column, by the name in its header or by its number.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum ProfileColumn {
    /// Counted from 1.
    Number(usize),
    /// The word of the header. Case, spaces and punctuation do not count.
    Name(String),
}

impl ProfileColumns {
    /// Reads columns as they are written on a command line, such as
    /// `date=1,description=5,debit=3,credit=4`.
    ///
    /// A column is a number, counted from 1, or the header's word. `description` may come more
    /// than once.
    ///
    /// # Errors
    /// [`ProfileError`] with the field if a column is not one.
    pub fn parse(text: &str) -> Result<Self, ProfileError> {
        check_length(text)?;
        let mut columns = Self::default();
        for pair in text
            .split(',')
            .map(str::trim)
            .filter(|pair| !pair.is_empty())
        {
            let Some((field, value)) = pair.split_once('=') else {
                return Err(ProfileError::new(
                    pair,
                    "write a field, `=` and a column, such as date=1",
                ));
            };
            let (field, value) = (field.trim(), value.trim());
            let column = match value.parse() {
                Ok(0) => return Err(ProfileError::new(field, "columns are counted from 1")),
                Ok(number) => ProfileColumn::Number(number),
                Err(_) if value.is_empty() => {
                    return Err(ProfileError::new(field, "the column is missing"));
                }
                Err(_) => ProfileColumn::Name(value.to_owned()),
            };
            if field == "description" {
                columns.description.push(column);
                continue;
            }
            let Some(slot) = columns.slot(field) else {
                return Err(ProfileError::new(
                    field,
                    format!(
                        "this is not a field; the fields are description, {}",
                        Self::FIELDS.join(", ")
                    ),
                ));
            };
            if slot.replace(column).is_some() {
                return Err(ProfileError::new(field, "the field is given twice"));
            }
        }
        Ok(columns)
    }

    const FIELDS: [&str; 14] = [
        "date",
        "value_date",
        "reference",
        "bank_id",
        "amount",
        "debit",
        "credit",
        "direction",
        "balance",
        "currency",
        "status",
        "counterparty_name",
        "counterparty_account",
        "end_to_end",
    ];

    fn slot(&mut self, field: &str) -> Option<&mut Option<ProfileColumn>> {
        Some(match field {
            "date" => &mut self.date,
            "value_date" => &mut self.value_date,
            "reference" => &mut self.reference,
            "bank_id" => &mut self.bank_id,
            "amount" => &mut self.amount,
            "debit" => &mut self.debit,
            "credit" => &mut self.credit,
            "direction" => &mut self.direction,
            "balance" => &mut self.balance,
            "currency" => &mut self.currency,
            "status" => &mut self.status,
            "counterparty_name" => &mut self.counterparty_name,
            "counterparty_account" => &mut self.counterparty_account,
            "end_to_end" => &mut self.end_to_end,
            _ => return None,
        })
    }

    /// Returns whether a column with amounts is named.
    pub(in crate::statement) const fn names_money(&self) -> bool {
        self.amount.is_some() || self.debit.is_some() || self.credit.is_some()
    }

    /// Returns the columns with their fields.
    pub(in crate::statement) fn all(&self) -> impl Iterator<Item = (&'static str, &ProfileColumn)> {
        let single = [
            &self.date,
            &self.value_date,
            &self.reference,
            &self.bank_id,
            &self.amount,
            &self.debit,
            &self.credit,
            &self.direction,
            &self.balance,
            &self.currency,
            &self.status,
            &self.counterparty_name,
            &self.counterparty_account,
            &self.end_to_end,
        ];
        let single = Self::FIELDS
            .into_iter()
            .zip(single)
            .filter_map(|(field, column)| Some((field, column.as_ref()?)));
        single.chain(
            self.description
                .iter()
                .map(|column| ("description", column)),
        )
    }
}

fn one_or_several<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<ProfileColumn>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        One(ProfileColumn),
        Several(Vec<ProfileColumn>),
    }
    Ok(match Either::deserialize(deserializer)? {
        Either::One(column) => vec![column],
        Either::Several(columns) => columns,
    })
}
