//! Net asset values: set, list.

use serde::Serialize;
use serde_json::json;

use super::{Error, Sink};
use crate::{
    domain::{
        activity::{Activity, Concern, Fact},
        nav::NavInCurrency,
        quantity::Amount,
        session::Session,
        time::Date,
        user::Act,
    },
    store::{AsOf, Done, Ledger, Noun, Request, Tx},
};

/// A value to be recorded.
#[derive(Clone, Debug, Serialize)]
pub struct NewNav {
    /// The project.
    pub project: String,
    /// The value.
    pub amount: Amount,
    /// Its date.
    pub date: Date,
}

/// Records a project's net asset value at a date; for one date the last recorded counts.
///
/// # Errors
/// [`crate::domain::Refused::Forbidden`].
pub fn set(
    ledger: &mut Ledger,
    session: Session,
    input: &NewNav,
) -> Result<Done<NavInCurrency>, Error> {
    let request = Request {
        command: "nav set",
        activity: Activity::NavSet,
        input,
    };
    let read = |tx: &mut Tx<'_>, nav: i64| -> Result<NavInCurrency, Error> {
        let number = tx.resolve(Noun::Project, &input.project)?;
        let project = tx.project(number, AsOf::Now)?;
        let found = tx
            .navs(&project.project, None)?
            .into_iter()
            .find(|known| known.number == nav);
        let nav = found.ok_or_else(|| {
            crate::store::Error::bug("a value that was just recorded is not there")
        })?;
        Ok(NavInCurrency {
            nav,
            currency: project.currency,
        })
    };
    ledger.write(
        session,
        request,
        |tx, nav, _| read(tx, nav),
        |write| {
            write.actor.must(Act::Record)?;
            let number = write.resolve(Noun::Project, &input.project)?;
            let project = write.project(number, AsOf::Now)?;
            let before = write.nav_on(project.project.id, input.date, AsOf::Now)?.map(|(_, amount)| amount);
            let nav = write.insert_nav(project.project.id, input.date, input.amount)?;
            let changes =
                json!({ "project": project.project.code, "date": input.date, "amount": input.amount, "before": before });
            let concern = Concern { project: Some(project.project.id), ..Concern::default() };
            write.record(Fact::new(Activity::NavSet, changes).about(concern))?;
            Ok((nav, read(write, nav)?))
        },
    )
}

/// Lists a project's values with dates up to `until`, in order of date and of recording.
///
/// # Errors
/// [`Error`] if the ledger cannot be read, or the sink fails.
pub fn list(
    ledger: &mut Ledger,
    project: &str,
    until: Option<Date>,
    each: Sink<'_, NavInCurrency>,
) -> Result<(), Error> {
    ledger.read(|tx| {
        let number = tx.resolve(Noun::Project, project)?;
        let project = tx.project(number, AsOf::Now)?;
        let currency = project.currency;
        let navs = tx.navs(&project.project, until)?;
        navs.into_iter()
            .try_for_each(|nav| each(NavInCurrency { nav, currency }).map_err(Error::Output))
    })
}
