//! The rates of calculations, and what they follow from.

use std::collections::HashMap;

use super::{
    AsOf, Error, Tx, WriteTx,
    db::{Codes, insert},
    tax_profile::read_reference,
};
use crate::domain::{
    component::Component,
    event::{Event, TaxInputs, TaxTerms},
    id::{EventId, HolderId, ProjectId},
    tax::{
        TaxStatus,
        profile::TaxProfileRef,
        rate::FrozenRate,
        withholding::{AuthorityDay, TaxClass, TaxRegister},
    },
};

impl Tx<'_> {
    /// Reads what the tax of an event is calculated from now; nothing is withheld if its project has
    /// no profile.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn tax_inputs(&mut self, event: &Event) -> Result<Option<TaxInputs>, Error> {
        let Some(reference) = self.tax_profile_of(event.project.id)? else {
            return Ok(None);
        };
        Ok(Some(TaxInputs {
            profile: self.tax_profile(&reference)?,
            register: self.tax_register()?,
        }))
    }

    /// Reads which profile a project withholds tax by, if any.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn tax_profile_of(&self, project: ProjectId) -> Result<Option<TaxProfileRef>, Error> {
        const PROFILE: &str = "SELECT tax_profile, tax_profile_hash FROM projects WHERE id = ?1";
        let codes = Codes::default();
        self.db
            .query_one(PROFILE, [project], |row| read_reference(row, &codes))
    }

    /// Reads what is known of all holders for tax. Holders of whom nothing is known are left out.
    fn tax_register(&mut self) -> Result<TaxRegister, Error> {
        const HOLDERS: &str =
            "SELECT id, tax_kind, tax_residence, tax_state, tax_number IS NOT NULL
            FROM lp_token_holders WHERE tax_kind IS NOT NULL OR tax_residence IS NOT NULL
              OR tax_state IS NOT NULL OR tax_number IS NOT NULL";
        let mut register = TaxRegister::default();
        let mut places: HashMap<TaxStatus, u32> = HashMap::new();
        self.db.each(HOLDERS, (), |row| {
            let holder: HolderId = row.next()?;
            let status = TaxStatus {
                kind: row.next()?,
                residence: row.next()?,
                state: row.next()?,
                has_number: row.next()?,
            };
            let place = match places.get(&status) {
                Some(place) => *place,
                None => {
                    let place = u32::try_from(register.statuses.len())
                        .map_err(|error| Error::bug(error.to_string()))?;
                    register.statuses.push(status.clone());
                    places.insert(status, place);
                    place
                }
            };
            register.holders.insert(holder, place);
            Ok::<_, Error>(())
        })?;
        for certificate in self.certificates(None, AsOf::Now)? {
            if certificate.state.approval().is_some() {
                let of_holder = register.certificates.entry(certificate.holder.id);
                of_holder.or_default().push(certificate);
            }
        }
        Ok(register)
    }

    /// Reads the rates that an event was calculated with, if it withholds tax.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be read.
    pub fn tax_terms(&mut self, event: &Event) -> Result<Option<TaxTerms>, Error> {
        const TERMS: &str =
            "SELECT class, component, rate, reason, authority, remit_day FROM event_tax_terms
            WHERE distribution_event_id = ?1 AND created_at = ?2 ORDER BY class, position";
        let (Some(reference), Some(calculation)) = (
            event.state.tax_profile().cloned(),
            event.state.calculation(),
        ) else {
            return Ok(None);
        };
        let rounding = self.tax_profile(&reference)?.rounding;
        let bad = || Error::BadRow {
            table: "event_tax_terms",
            row: event.event.code.to_string(),
            detail: "a class or a component is missing".to_owned(),
        };
        let mut components: Vec<Component> = Vec::new();
        let mut classes: Vec<TaxClass> = Vec::new();
        self.db
            .each(TERMS, (event.event.id, calculation.at), |row| {
                let class: i64 = row.next()?;
                let component: Component = row.next()?;
                let rate = FrozenRate {
                    rate: row.next()?,
                    reason: row.next()?,
                };
                let (authority, day): (Option<String>, Option<i64>) = (row.next()?, row.next()?);
                let day = day.map(u32::try_from).transpose().map_err(|_| bad())?;
                let class = usize::try_from(class).map_err(|_| bad())?;
                if class == classes.len() {
                    classes.push(TaxClass {
                        rates: Vec::new(),
                        authority: authority
                            .zip(day)
                            .map(|(authority, remit_day)| AuthorityDay {
                                authority,
                                remit_day,
                            }),
                    });
                }
                if class == 0 {
                    components.push(component);
                }
                let class = classes.get_mut(class).ok_or_else(bad)?;
                class.rates.push(rate);
                Ok::<_, Error>(())
            })?;
        if classes
            .iter()
            .any(|class| class.rates.len() != components.len())
        {
            return Err(bad());
        }
        Ok(Some(TaxTerms {
            profile: reference,
            rounding,
            components,
            classes,
        }))
    }
}

impl WriteTx<'_> {
    /// Freezes the rates of a calculation with the instant of this transaction.
    ///
    /// # Errors
    /// [`Error`] if the ledger cannot be written.
    pub fn insert_tax_terms(&mut self, event: EventId, terms: &TaxTerms) -> Result<(), Error> {
        for (class, of_class) in (0_i64..).zip(&terms.classes) {
            let authority = of_class.authority.as_ref();
            let parts = terms.components.iter().zip(&of_class.rates);
            for (position, (component, rate)) in (1_i64..).zip(parts) {
                insert!(self.db, "event_tax_terms" {
                    "distribution_event_id": event,
                    "class": class,
                    "position": position,
                    "component": component,
                    "rate": rate.rate,
                    "reason": rate.reason,
                    "authority": authority.map(|to| &to.authority),
                    "remit_day": authority.map(|to| i64::from(to.remit_day)),
                    "created_at": self.now,
                })?;
            }
        }
        Ok(())
    }
}
