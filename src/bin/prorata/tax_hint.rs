//! The command that most likely helps after a refusal of a rule of withholding tax.

use prorata::domain::{code::Code, tax::TaxRefused};

use crate::who_may::{approvers, these};

/// Returns what to do next.
pub(crate) fn of(refused: &TaxRefused) -> Option<String> {
    Some(match refused {
        TaxRefused::NoRule { .. } => {
            "see the rules of a built-in profile with `prorata tax profile show NAME`; a file with another rule: `prorata project set PROJECT --tax-profile FILE`".to_owned()
        }
        TaxRefused::NoAuthority { missing, .. } => no_authority(
            missing.iter().next().and_then(|(fields, holders)| Some((*fields.first()?, holders.first()?))),
        ),
        TaxRefused::ProfileDate { .. } => {
            "give the project the profile of that year: `prorata project set PROJECT --tax-profile NAME`".to_owned()
        }
        TaxRefused::NumberMissing { holders, .. } => format!(
            "fill the column: `prorata holder set {} --tax-number NUMBER`, or `prorata holder import FILE --update`",
            holders.first().map_or("HOLDER", Code::as_str)
        ),
        TaxRefused::ProfileInvalid { .. } | TaxRefused::ProfileAmbiguous { .. } => {
            "change the file and read it again with `prorata tax profile test FILE`".to_owned()
        }
        TaxRefused::RateRange { .. } => "for example `--kind treaty --rate 7.5`".to_owned(),
        TaxRefused::CertificateDates { .. } => {
            "give the first day with `--from` and the last with `--until`".to_owned()
        }
        TaxRefused::CertificateEnd { today, .. } => {
            format!("give a day from {today} on, for example `--on {today}`")
        }
        TaxRefused::CertificateOverlap { certificate, .. } => format!(
            "end that one first, if another is meant: `prorata tax certificate end {certificate}`"
        ),
        TaxRefused::CertificateState { certificate, .. } => {
            format!("see `prorata tax certificate show {certificate}`")
        }
        TaxRefused::CertificateSameActor { certificate, may, .. } => approvers(
            may,
            &format!(
                "reject it and let somebody else record it: `prorata tax certificate reject {certificate} --reason TEXT`"
            ),
        ),
        TaxRefused::NothingDue { authority, .. } => {
            format!("see `prorata tax due --authority {authority}`")
        }
        TaxRefused::SeveralCurrencies { first, .. } => {
            format!("name one, for example `--currency {first}`")
        }
        TaxRefused::AmountDiffers { authority, period, .. } => format!(
            "see what makes it up: `prorata report tax-schedule --authority {authority} --period {period}`"
        ),
        TaxRefused::ReferenceUsed { remittance, .. }
        | TaxRefused::RemittanceState { remittance, line: None, .. } => {
            format!("see `prorata tax remittance show {remittance}`")
        }
        TaxRefused::ReferencePaid { payment, .. } => format!("see `prorata payment show {payment}`"),
        TaxRefused::RemittanceState { line: Some(line), .. } => {
            format!("take its match back first: `prorata bank unmatch {line} --reason TEXT`")
        }
        TaxRefused::RemittanceLine { line, .. } => format!("see `prorata bank explain {line}`"),
        TaxRefused::SameActor { may, .. } => match may.as_slice() {
            [] => "add an approver: `prorata user add CODE --role approver`".to_owned(),
            may => these("approvers", may),
        },
        TaxRefused::EventRemitted { remittances, .. } => {
            let first = remittances.first()?;
            format!("a reviewer who did not record it reverses it: `prorata tax remittance reverse {first} --reason TEXT`")
        }
        TaxRefused::ComponentRequired { .. } =>
            "name them with `prorata event create` or `event set`: `--component capital_gain=AMOUNT --component return_of_capital=rest`".to_owned(),
        TaxRefused::TooLarge => return None,
    })
}

/// Names the column to fill.
fn no_authority(first: Option<(&'static str, &Code)>) -> String {
    match first {
        Some((field, holder)) => format!(
            "fill the column: `prorata holder set {holder} --{} VALUE`, or `prorata holder import FILE --update`",
            field.replace('_', "-")
        ),
        None => "add an authority to a file and use it: `prorata project set PROJECT --tax-profile FILE`".to_owned(),
    }
}
