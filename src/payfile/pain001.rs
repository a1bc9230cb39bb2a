//! ISO 20022 customer credit transfers, `pain.001.001.03` and `pain.001.001.09`: one message with
//! one group of payments.
//!
//! # Source
//! The message definitions and schemas of ISO 20022. Who bears the charges (`ChrgBr`) is left out:
//! SEPA allows only `SLEV`, and most other schemes do not know it; without it the bank does what it
//! agreed with its customer, which is valid everywhere.

use std::{
    borrow::Cow,
    io::{self, BufWriter, Write},
};

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event},
};

use super::{
    error::{BadHeader, BadItem, Fault},
    form::{Form, clean, creditor, narration},
};
use crate::domain::{
    account::{BankAccount, Scheme},
    payment_file::{FileHeader, PaymentItem},
    quantity::Total,
};

/// The longest name, and the longest remittance information.
const MAX_140_TEXT: usize = 140;
/// The longest identifier.
const MAX_35_TEXT: usize = 35;
/// What stands for an agent of whom nothing is known.
const NOT_PROVIDED: &str = "NOTPROVIDED";

/// The version of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Version {
    /// `pain.001.001.03`, of 2009.
    V03,
    /// `pain.001.001.09`, of 2019.
    V09,
}

impl Version {
    const fn namespace(self) -> &'static str {
        match self {
            Self::V03 => "urn:iso:std:iso:20022:tech:xsd:pain.001.001.03",
            Self::V09 => "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09",
        }
    }

    /// Names the element of a bank's BIC.
    const fn bic(self) -> &'static str {
        match self {
            Self::V03 => "BIC",
            Self::V09 => "BICFI",
        }
    }

    /// Reads a bank's code as the BIC that the version's schema allows, or `None` where it is none.
    fn read_bic(self, code: &str) -> Option<String> {
        let code = code.to_ascii_uppercase();
        let fits = |(at, byte): (usize, u8)| match (self, at) {
            (Self::V03, 0..=5) | (Self::V09, 4..=5) => byte.is_ascii_uppercase(),
            (Self::V03, 6) => byte.is_ascii_uppercase() || matches!(byte, b'2'..=b'9'),
            (Self::V03, 7) => byte != b'O' && (byte.is_ascii_uppercase() || byte.is_ascii_digit()),
            (Self::V03 | Self::V09, _) => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
        };
        (matches!(code.len(), 8 | 11) && code.bytes().enumerate().all(fits)).then_some(code)
    }
}

/// A message being written.
pub(super) struct Document<W: Write> {
    version: Version,
    xml: Xml<W>,
}

impl<W: Write> Document<W> {
    /// Writes everything before the payments.
    pub(super) fn begin(
        version: Version,
        header: &FileHeader,
        out: W,
    ) -> Result<Self, Fault<BadHeader>> {
        check(header).map_err(Fault::Bad)?;
        let mut document = Self {
            version,
            xml: Xml(Writer::new_with_indent(BufWriter::new(out), b' ', 2)),
        };
        let xml = &mut document.xml;
        xml.0
            .write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        xml.0.write_event(Event::Start(
            BytesStart::new("Document").with_attributes([("xmlns", version.namespace())]),
        ))?;
        xml.open("CstmrCdtTrfInitn")?;
        document.group_header(header)?;
        document.group(header)?;
        Ok(document)
    }

    fn group_header(&mut self, header: &FileHeader) -> io::Result<()> {
        let xml = &mut self.xml;
        xml.open("GrpHdr")?;
        xml.text("MsgId", &header.message_id)?;
        xml.text("CreDtTm", &whole_seconds(header))?;
        sums(xml, header)?;
        party(xml, "InitgPty", &header.debtor)?;
        xml.close("GrpHdr")
    }

    /// Opens the one group of payments. It bears the message's id, which no other file has, so that
    /// a bank's statement that names either leads to the file.
    fn group(&mut self, header: &FileHeader) -> Result<(), Fault<BadHeader>> {
        let date = header.execution_date.to_string();
        let xml = &mut self.xml;
        xml.open("PmtInf")?;
        xml.text("PmtInfId", &header.message_id)?;
        xml.text("PmtMtd", "TRF")?;
        sums(xml, header)?;
        match self.version {
            Version::V03 => xml.text("ReqdExctnDt", &date)?,
            Version::V09 => {
                xml.open("ReqdExctnDt")?;
                xml.text("Dt", &date)?;
                xml.close("ReqdExctnDt")?;
            }
        }
        party(xml, "Dbtr", &header.debtor)?;
        account(xml, "DbtrAcct", &header.account)?;
        agent(xml, self.version, "DbtrAgt", &header.account)?;
        Ok(())
    }
}

impl<W: Write> Form for Document<W> {
    fn item(&mut self, header: &FileHeader, item: &PaymentItem) -> Result<(), Fault<BadItem>> {
        if bank_code(&item.bank).chars().count() > MAX_35_TEXT {
            return Err(Fault::Bad(BadItem::BankCode));
        }
        let xml = &mut self.xml;
        xml.open("CdtTrfTxInf")?;
        xml.open("PmtId")?;
        xml.text("InstrId", &item.withdrawal.to_string())?;
        xml.text("EndToEndId", &item.end_to_end)?;
        xml.close("PmtId")?;
        xml.open("Amt")?;
        let amount = item.amount.plain(header.currency.decimals());
        xml.text_of(
            BytesStart::new("InstdAmt").with_attributes([("Ccy", header.currency.code())]),
            &amount,
        )?;
        xml.close("Amt")?;
        agent(xml, self.version, "CdtrAgt", &item.bank)?;
        party(xml, "Cdtr", creditor(item))?;
        account(xml, "CdtrAcct", &item.bank)?;
        xml.open("RmtInf")?;
        xml.text("Ustrd", &clean(&narration(item), MAX_140_TEXT))?;
        xml.close("RmtInf")?;
        xml.close("CdtTrfTxInf")?;
        Ok(())
    }

    fn finish(mut self) -> io::Result<()> {
        for element in ["PmtInf", "CstmrCdtTrfInitn", "Document"] {
            self.xml.close(element)?;
        }
        let mut out = self.xml.0.into_inner();
        out.write_all(b"\n")?;
        out.flush()
    }
}

/// Refuses what the schema does not allow, or what a bank could misread.
fn check(header: &FileHeader) -> Result<(), BadHeader> {
    if !is_message_id(&header.message_id) {
        Err(BadHeader::MessageId)
    } else if header.count == 0 {
        Err(BadHeader::NoPayments)
    } else if digits(header.total, header.currency.decimals()) > 18 {
        Err(BadHeader::TotalTooLong)
    } else if clean(&header.debtor, MAX_140_TEXT).is_empty() {
        Err(BadHeader::NoDebtor)
    } else if bank_code(&header.account).chars().count() > MAX_35_TEXT {
        Err(BadHeader::BankCode)
    } else {
        Ok(())
    }
}

/// Returns whether a text can be a message id. Banks refuse ids that begin or end with a slash or
/// have two of them together.
fn is_message_id(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"/-?:().,'+ ".contains(&byte);
    let slashes = text.starts_with('/') || text.ends_with('/') || text.contains("//");
    (1..=MAX_35_TEXT).contains(&text.len())
        && text.bytes().all(allowed)
        && !slashes
        && text.trim() == text
}

fn digits(total: Total, decimals: u32) -> usize {
    total
        .plain(decimals)
        .bytes()
        .filter(u8::is_ascii_digit)
        .count()
}

/// Writes the moment of creation in whole seconds and UTC: some banks refuse microseconds.
fn whole_seconds(header: &FileHeader) -> String {
    let instant = header.created_at.to_string();
    instant
        .split_once('.')
        .map_or_else(|| instant.clone(), |(seconds, _)| format!("{seconds}Z"))
}

/// Writes how many payments there are and what they add up to.
fn sums<W: Write>(xml: &mut Xml<W>, header: &FileHeader) -> io::Result<()> {
    xml.text("NbOfTxs", &header.count.to_string())?;
    xml.text("CtrlSum", &header.total.plain(header.currency.decimals()))
}

fn party<W: Write>(xml: &mut Xml<W>, element: &str, name: &str) -> io::Result<()> {
    xml.open(element)?;
    xml.text("Nm", &clean(name, MAX_140_TEXT))?;
    xml.close(element)
}

fn account<W: Write>(xml: &mut Xml<W>, element: &str, bank: &BankAccount) -> io::Result<()> {
    let number = bank.account_number.reveal();
    xml.open(element)?;
    xml.open("Id")?;
    match bank.scheme() {
        Scheme::Iban => xml.text("IBAN", number)?,
        scheme @ (Scheme::Nuban | Scheme::Other) => {
            xml.open("Othr")?;
            xml.text("Id", number)?;
            if scheme == Scheme::Nuban {
                xml.open("SchmeNm")?;
                xml.text("Prtry", "NUBAN")?;
                xml.close("SchmeNm")?;
            }
            xml.close("Othr")?;
        }
    }
    xml.close("Id")?;
    xml.close(element)
}

/// Writes a bank as exactly as it is known: its BIC; its code in the national clearing, with the
/// name that says whose clearing that is; its name; or that nothing is known.
fn agent<W: Write>(
    xml: &mut Xml<W>,
    version: Version,
    element: &str,
    bank: &BankAccount,
) -> io::Result<()> {
    let (code, name) = (bank_code(bank), clean(&bank.bank_name, MAX_140_TEXT));
    xml.open(element)?;
    xml.open("FinInstnId")?;
    if let Some(bic) = version.read_bic(&code) {
        xml.text(version.bic(), &bic)?;
    } else if code.is_empty() && name.is_empty() {
        xml.open("Othr")?;
        xml.text("Id", NOT_PROVIDED)?;
        xml.close("Othr")?;
    } else {
        if !code.is_empty() {
            xml.open("ClrSysMmbId")?;
            xml.text("MmbId", &code)?;
            xml.close("ClrSysMmbId")?;
        }
        if !name.is_empty() {
            xml.text("Nm", &name)?;
        }
    }
    xml.close("FinInstnId")?;
    xml.close(element)
}

fn bank_code(bank: &BankAccount) -> Cow<'_, str> {
    clean(bank.bank_code.as_deref().unwrap_or_default(), usize::MAX)
}

/// Writes elements.
struct Xml<W: Write>(Writer<BufWriter<W>>);

impl<W: Write> Xml<W> {
    fn open(&mut self, element: &str) -> io::Result<()> {
        self.0.write_event(Event::Start(BytesStart::new(element)))
    }

    fn close(&mut self, element: &str) -> io::Result<()> {
        self.0.write_event(Event::End(BytesEnd::new(element)))
    }

    fn text(&mut self, element: &str, text: &str) -> io::Result<()> {
        self.text_of(BytesStart::new(element), text)
    }

    fn text_of(&mut self, element: BytesStart<'_>, text: &str) -> io::Result<()> {
        let end = element.to_end().into_owned();
        self.0.write_event(Event::Start(element))?;
        // The writer escapes what has a meaning in XML.
        self.0.write_event(Event::Text(BytesText::new(text)))?;
        self.0.write_event(Event::End(end))
    }
}
