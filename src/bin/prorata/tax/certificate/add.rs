//! `prorata tax certificate add`

use prorata::{
    domain::{
        component::Component,
        quantity::Percent,
        tax::{CountryCode, TaxRate, certificate::CertificateWord},
        text::reference,
        time::Date,
    },
    ops, report,
};

use crate::{
    flags::{WriteFlags, words::certificate_word},
    open::Context,
    present::Outcome,
};

/// Record a certificate that lowers a holder's tax
///
/// The certificate counts for events whose distribution date is one of its days, once somebody who
/// reviews approved it. A rate above the one of the tax profile changes nothing. An operator or an
/// admin may run it.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "\
Examples:
  prorata tax certificate add musa --kind exemption --reference X --from today --until 2026-12-31
  prorata tax certificate add eze --kind exemption --reference Y --from today --until 2026-12-31")]
pub(crate) struct Args {
    /// Holder code, for example musa
    holder: String,
    /// What the certificate says
    #[arg(long, value_name = "KIND", value_parser = certificate_word())]
    kind: CertificateWord,
    /// Rate in per cent, for example 7.5; an exemption has none
    #[arg(long, value_name = "PERCENT", value_parser = rate, allow_negative_numbers = true)]
    rate: Option<TaxRate>,
    /// Number of the certificate itself
    #[arg(long, value_name = "TEXT", value_parser = reference)]
    reference: String,
    /// First distribution date that it is for, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    from: Date,
    /// Last distribution date that it is for, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = crate::environment::parse_day)]
    until: Date,
    /// Country of the treaty, for example GB
    #[arg(long, value_name = "COUNTRY")]
    country: Option<CountryCode>,
    /// Component that it is for, for example income; all of them if none is named
    #[arg(long, value_name = "COMPONENT", value_parser = Component::parse)]
    component: Option<Component>,
    #[command(flatten)]
    write: WriteFlags,
}

/// Reads a rate.
fn rate(text: &str) -> Result<TaxRate, String> {
    let percent = Percent::parse(text).map_err(|error| error.to_string())?;
    TaxRate::new(percent).map_err(|error| error.to_string())
}

/// Runs the command.
pub(crate) fn run(cx: &Context, args: Args) -> anyhow::Result<Outcome> {
    let (writer, mut ledger) = cx.write(&args.write)?;
    let input = ops::tax::certificate::Input {
        holder: args.holder,
        kind: args.kind,
        rate: args.rate,
        reference: args.reference,
        from: args.from,
        until: args.until,
        country: args.country,
        component: args.component,
    };
    let done = ops::tax::certificate::add(&mut ledger, writer.session()?, &input)?;
    let certificate = &done.value;
    let said = format!(
        "recorded {} of holder {} with proposal {}: {}; it has no effect yet; next, by somebody who reviews: `prorata tax certificate approve {}`",
        certificate.number,
        certificate.holder.code,
        certificate.proposal,
        certificate.terms.detail(),
        certificate.number
    );
    Ok(writer.wrote(&done, report::tax_certificate::record(certificate), said))
}
