//! What the rules of classification and comparison know, as data: the words of banks, of names, and
//! the fees that they charge.

use std::ops::RangeInclusive;

use super::line::LineKind;

/// Which direction of money a word speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    /// Money in or out.
    Either,
    /// Money in only.
    Credit,
}

/// Words that say what a line is about if they begin its text, the longer of two that begin
/// alike first.
///
/// # Source
/// The Guide to Charges of the Central Bank of Nigeria for the names of charges and levies; the
/// spellings are those of Nigerian banks' statements.
pub(super) const KIND_WORDS: [(&str, LineKind); 68] = [
    ("ELECTRONIC MONEY TRANSFER LEVY", LineKind::Levy),
    ("FGN ELECTRONIC MONEY TRANSFER LEVY", LineKind::Levy),
    ("ELECTRONIC MONEY TRF LEVY", LineKind::Levy),
    ("ELECTRONIC LEVY", LineKind::Levy),
    ("E-LEVY", LineKind::Levy),
    ("EMTL", LineKind::Levy),
    ("STAMP DUTY", LineKind::Levy),
    ("STAMP DUTIES", LineKind::Levy),
    ("STAMPDUTY", LineKind::Levy),
    ("FGN STAMP DUTY", LineKind::Levy),
    ("CYBERSECURITY LEVY", LineKind::Levy),
    ("CYBER SECURITY LEVY", LineKind::Levy),
    ("CBN LEVY", LineKind::Levy),
    ("LEVY", LineKind::Levy),
    ("VALUE ADDED TAX", LineKind::Tax),
    ("WITHHOLDING TAX", LineKind::Tax),
    ("WITH-HOLDING TAX", LineKind::Tax),
    ("VAT", LineKind::Tax),
    ("WHT", LineKind::Tax),
    ("COMMISSION", LineKind::Fee),
    ("COMMISSIONS", LineKind::Fee),
    ("COMM", LineKind::Fee),
    ("BANK CHARGE", LineKind::Fee),
    ("BANK CHARGES", LineKind::Fee),
    ("SERVICE CHARGE", LineKind::Fee),
    ("SERVICE CHARGES", LineKind::Fee),
    ("TRANSFER CHARGE", LineKind::Fee),
    ("TRANSFER CHARGES", LineKind::Fee),
    ("TRANSFER FEE", LineKind::Fee),
    ("TRF CHARGE", LineKind::Fee),
    ("TRF CHARGES", LineKind::Fee),
    ("TRF CHG", LineKind::Fee),
    ("TRF FEE", LineKind::Fee),
    ("CHARGE", LineKind::Fee),
    ("CHARGES", LineKind::Fee),
    ("CHG", LineKind::Fee),
    ("CHGS", LineKind::Fee),
    ("CHRG", LineKind::Fee),
    ("FEE", LineKind::Fee),
    ("FEES", LineKind::Fee),
    ("COT", LineKind::Fee),
    ("CAMF", LineKind::Fee),
    ("CURRENT ACCOUNT MAINTENANCE", LineKind::Fee),
    ("ACCOUNT MAINTENANCE", LineKind::Fee),
    ("ACCT MAINTENANCE", LineKind::Fee),
    ("A/C MAINTENANCE", LineKind::Fee),
    ("MONTHLY MAINTENANCE", LineKind::Fee),
    ("MAINTENANCE", LineKind::Fee),
    ("SMS ALERT", LineKind::Fee),
    ("SMS ALERTS", LineKind::Fee),
    ("SMS CHARGE", LineKind::Fee),
    ("SMS CHARGES", LineKind::Fee),
    ("SMS NOTIFICATION", LineKind::Fee),
    ("ALERT CHARGE", LineKind::Fee),
    ("ALERT CHARGES", LineKind::Fee),
    ("CARD MAINTENANCE", LineKind::Fee),
    ("CARD ISSUANCE", LineKind::Fee),
    ("CARD RENEWAL", LineKind::Fee),
    ("CARD REPLACEMENT", LineKind::Fee),
    ("CARD FEE", LineKind::Fee),
    ("CARD CHARGE", LineKind::Fee),
    ("CARD CHARGES", LineKind::Fee),
    ("INTEREST", LineKind::Interest),
    ("INT. CAPITALISED", LineKind::Interest),
    ("INT.CAPITALISED", LineKind::Interest),
    ("INT CAPITALISED", LineKind::Interest),
    ("INT. CAPITALIZED", LineKind::Interest),
    ("INT CAPITALIZED", LineKind::Interest),
];

/// Words that say that a line takes an earlier one back. A refund that goes out is a payment like
/// any other.
pub(super) const REVERSAL_WORDS: [(&str, Direction); 15] = [
    ("REVERSAL", Direction::Either),
    ("REVERSED", Direction::Either),
    ("REVERSE", Direction::Either),
    ("RVSL", Direction::Either),
    ("RSVL", Direction::Either),
    ("REVSL", Direction::Either),
    ("RVS", Direction::Either),
    ("REV-", Direction::Either),
    ("REV/", Direction::Either),
    ("REV:", Direction::Either),
    ("RETURNED", Direction::Credit),
    ("RETURN", Direction::Credit),
    ("RTND", Direction::Credit),
    ("UNPAID", Direction::Credit),
    ("REFUND", Direction::Credit),
];

/// Words that a space parts from the word that says what a line is about: the channel, and what
/// binds words together.
pub(super) const LEAD_WORDS: [&str; 13] = [
    "NIP", "NEFT", "RTGS", "NIBSS", "USSD", "WEB", "MOBILE", "MOB", "INSTANT", "ONLINE", "POS",
    "OF", "MONTHLY",
];

/// Fees in ten-millionths of one naira that a transfer may be short of or above its amount, and
/// what they are.
///
/// # Source
/// Central Bank of Nigeria, Guide to Charges: transfers of up to 5,000, up to 50,000 and above cost
/// 10, 25 and 50, with value added tax of 7.5 % on top; the electronic money transfer levy
/// (earlier: stamp duty) is 50.
pub(super) const KNOWN_FEES: [(i128, &str); 9] = [
    (100_000_000, "the transfer fee of 10.00"),
    (
        107_500_000,
        "the transfer fee of 10.00 with value added tax",
    ),
    (250_000_000, "the transfer fee of 25.00"),
    (
        268_800_000,
        "the transfer fee of 25.00 with value added tax",
    ),
    (
        500_000_000,
        "the transfer fee, the stamp duty or the electronic money transfer levy of 50.00",
    ),
    (
        537_500_000,
        "the transfer fee of 50.00 with value added tax",
    ),
    (
        607_500_000,
        "the transfer fee of 10.00 with value added tax and a levy of 50.00",
    ),
    (
        768_800_000,
        "the transfer fee of 25.00 with value added tax and a levy of 50.00",
    ),
    (
        1_037_500_000,
        "the transfer fee of 50.00 with value added tax and a levy of 50.00",
    ),
];

/// A bank, by its codes and a word of its name.
///
/// # Source
/// The six digits are those of NIBSS for instant payments, the others those that payment processors
/// use; both are in their public lists of banks.
pub(super) struct Bank {
    /// The codes.
    pub(super) codes: &'static [&'static str],
    /// The word, folded.
    pub(super) name: &'static str,
}

/// Which banks charge something.
pub(super) enum Banks {
    /// These.
    Only(&'static [Bank]),
    /// All but these.
    AllBut(&'static [Bank]),
}

const OPAY: Bank = Bank {
    codes: &["999992", "100004"],
    name: "OPAY",
};
const MONIEPOINT: Bank = Bank {
    codes: &["50515", "090405"],
    name: "MONIEPOINT",
};
const PALMPAY: Bank = Bank {
    codes: &["999991", "100033"],
    name: "PALMPAY",
};
const KUDA: Bank = Bank {
    codes: &["50211", "090267"],
    name: "KUDA",
};

/// What banks charge, on the days on which they do.
pub(super) struct KnownCharge {
    /// The banks.
    pub(super) banks: Banks,
    /// The amount in ten-millionths of one naira.
    pub(super) units: i128,
    /// The first and the last day, as year, month and day in one number.
    pub(super) days: RangeInclusive<u32>,
}

const fn charge(units: i128, first: u32, last: u32) -> KnownCharge {
    charge_of(Banks::AllBut(&[]), units, first, last)
}

const fn charge_of(banks: Banks, units: i128, first: u32, last: u32) -> KnownCharge {
    KnownCharge {
        banks,
        units,
        days: first..=last,
    }
}

/// Writes a day as one number.
pub(super) const fn on(year: u32, month: u32, day: u32) -> u32 {
    (year * 100 + month) * 100 + day
}

/// A day that does not come for as long as this program lives.
const OPEN: u32 = on(9999, 12, 31);
/// The Guide to Charges of 2017 takes effect.
const GUIDE_2017: u32 = on(2017, 5, 1);
/// The Guide to Charges of 2020 takes effect.
const GUIDE_2020: u32 = on(2020, 1, 1);
/// Value added tax is 7.5 % from this day on.
const VAT_7_5: u32 = on(2020, 2, 1);
/// The last day of value added tax of 5 %.
const VAT_5_ENDS: u32 = on(2020, 1, 31);
/// A text message costs 6 from this day on.
const ALERT_OF_6: u32 = on(2025, 5, 1);

/// The single charges of Nigerian banks whose amounts are fixed. Each amount is a line of its own, or
/// the line of a fee with its tax. A day before the first one of these sources has no known charge.
///
/// # Source
/// - Stamp duty of 50: circular of the Central Bank of Nigeria of 15 January 2016; since the Finance
///   Act 2020 the electronic money transfer levy, since 2026 stamp duty again, always of 50.
/// - Guide to Charges of 2017 (FPR/DIR/GEN/CIR/06/017): a transfer 50, a text message at most 4; and
///   of 2020 (FPR/DIR/GEN/CIR/07/042): a transfer 10, 25 or 50.
/// - Finance Act 2019: value added tax of 7.5 % (5 % before) from 1 February 2020.
/// - Notices to customers: Kuda began with the 50 on 15 July 2022; `PalmPay` on 30 November 2024, `OPay`
///   and Moniepoint on 1 December 2024 (announced for 9 September, and put off); text messages cost 6
///   from 1 May 2025.
pub(super) const KNOWN_CHARGES: [KnownCharge; 20] = [
    charge_of(
        Banks::AllBut(&[KUDA, OPAY, MONIEPOINT, PALMPAY]),
        500_000_000,
        on(2016, 1, 15),
        OPEN,
    ),
    charge_of(Banks::Only(&[KUDA]), 500_000_000, on(2022, 7, 15), OPEN),
    charge_of(Banks::Only(&[PALMPAY]), 500_000_000, on(2024, 11, 30), OPEN),
    charge_of(
        Banks::Only(&[OPAY, MONIEPOINT]),
        500_000_000,
        on(2024, 12, 1),
        OPEN,
    ),
    charge(25_000_000, GUIDE_2017, VAT_5_ENDS),
    charge(525_000_000, GUIDE_2017, VAT_5_ENDS),
    charge(100_000_000, GUIDE_2020, OPEN),
    charge(7_500_000, VAT_7_5, OPEN),
    charge(107_500_000, VAT_7_5, OPEN),
    charge(250_000_000, GUIDE_2020, OPEN),
    charge(18_700_000, VAT_7_5, OPEN),
    charge(18_800_000, VAT_7_5, OPEN),
    charge(268_700_000, VAT_7_5, OPEN),
    charge(268_800_000, VAT_7_5, OPEN),
    charge(37_500_000, VAT_7_5, OPEN),
    charge(537_500_000, VAT_7_5, OPEN),
    charge(40_000_000, GUIDE_2017, OPEN),
    charge(43_000_000, VAT_7_5, OPEN),
    charge(60_000_000, ALERT_OF_6, OPEN),
    charge(64_500_000, ALERT_OF_6, OPEN),
];

/// How large a charge of a kind may be that is next to a transfer and carries its text.
pub(super) struct FeeBound {
    /// The kind.
    pub(super) kind: LineKind,
    /// The thousandths of the transfer.
    pub(super) of_thousand: i128,
    /// The most, in ten-millionths of the currency.
    pub(super) at_most: i128,
}

/// The smaller of 1 % of the transfer and 10,000.00.
pub(super) const FEE_BOUNDS: [FeeBound; 3] = [
    FeeBound {
        kind: LineKind::Fee,
        of_thousand: 10,
        at_most: 100_000_000_000,
    },
    FeeBound {
        kind: LineKind::Tax,
        of_thousand: 10,
        at_most: 100_000_000_000,
    },
    FeeBound {
        kind: LineKind::Levy,
        of_thousand: 10,
        at_most: 100_000_000_000,
    },
];

/// The currency of [`KNOWN_FEES`] and [`KNOWN_CHARGES`].
pub(super) const FEES_CURRENCY: &str = "NGN";

/// Titles, which one side writes and the other does not.
pub(super) const TITLES: [&str; 36] = [
    "MR",
    "MRS",
    "MISS",
    "MS",
    "MASTER",
    "DR",
    "DRS",
    "PROF",
    "PROFESSOR",
    "DOCTOR",
    "CHIEF",
    "ALHAJI",
    "ALH",
    "ALHAJA",
    "HAJIYA",
    "HAJIA",
    "MALLAM",
    "ENGR",
    "ENG",
    "ENGINEER",
    "BARR",
    "BARRISTER",
    "ARC",
    "SIR",
    "LADY",
    "HRH",
    "HRM",
    "HE",
    "OTUNBA",
    "OBA",
    "PASTOR",
    "PST",
    "REV",
    "REVEREND",
    "ESQ",
    "HON",
];

/// Words of companies that banks shorten or leave out.
pub(super) const COMPANY_WORDS: [&str; 25] = [
    "LTD",
    "LIMITED",
    "PLC",
    "NIG",
    "NIGERIA",
    "NIGERIAN",
    "ENT",
    "ENTERPRISE",
    "ENTERPRISES",
    "INC",
    "LLC",
    "LLP",
    "CO",
    "COY",
    "COMPANY",
    "CORP",
    "CORPORATION",
    "GLOBAL",
    "INTL",
    "INTERNATIONAL",
    "VENTURE",
    "VENTURES",
    "SERVICES",
    "GMBH",
    "RC",
];

/// Words next to a name that are not names.
pub(super) const NOISE_WORDS: [&str; 29] = [
    "NIP",
    "NEFT",
    "RTGS",
    "NIBSS",
    "TRF",
    "TRSF",
    "TFR",
    "TRANSFER",
    "TRANS",
    "TO",
    "PAYMENT",
    "PYMT",
    "PMT",
    "PAY",
    "IFO",
    "FBO",
    "FAVOUR",
    "FAVOR",
    "OF",
    "IN",
    "BENEFICIARY",
    "INSTANT",
    "OUTWARD",
    "WEB",
    "MOBILE",
    "MOB",
    "ONLINE",
    "DR",
    "DEBIT",
];

/// Words after which banks name the beneficiary.
pub(super) const BENEFICIARY_WORDS: [&str; 6] = [
    "TRF TO",
    "TRSF TO",
    "TFR TO",
    "TRANSFER TO",
    "PAYMENT TO",
    "BENEFICIARY",
];

/// Words that end the beneficiary's name: what follows is something else.
pub(super) const AFTER_NAME_WORDS: [&str; 9] = [
    "REF",
    "REFERENCE",
    "VIA",
    "FOR",
    "BEING",
    "INV",
    "INVOICE",
    "NARRATION",
    "RMK",
];

/// Words in the place of a name that name a bank or nobody.
pub(super) const BANK_WORDS: [&str; 58] = [
    "BANK",
    "BANKS",
    "OTHER",
    "OTHERS",
    "ACCOUNT",
    "ACCT",
    "CUSTOMER",
    "SELF",
    "MULTIPLE",
    "VARIOUS",
    "BENEFICIARIES",
    "BULK",
    "BATCH",
    "FUND",
    "FUNDS",
    "LOCAL",
    "ACCESS",
    "CITIBANK",
    "CORONATION",
    "DIAMOND",
    "ECOBANK",
    "FBN",
    "FCMB",
    "FIDELITY",
    "FIRST",
    "FIRSTBANK",
    "GLOBUS",
    "GTB",
    "GTBANK",
    "GTCO",
    "GUARANTY",
    "HERITAGE",
    "IBTC",
    "JAIZ",
    "KEYSTONE",
    "KUDA",
    "LOTUS",
    "MICROFINANCE",
    "MONIEPOINT",
    "OPAY",
    "OPTIMUS",
    "PALMPAY",
    "PARALLEX",
    "POLARIS",
    "PREMIUMTRUST",
    "PROVIDUS",
    "STANBIC",
    "STANDARD",
    "CHARTERED",
    "STERLING",
    "SUNTRUST",
    "TAJ",
    "TITAN",
    "UBA",
    "UNION",
    "VFD",
    "WEMA",
    "ZENITH",
];

/// Words by which banks say that a debit is a whole file of payments.
pub(super) const BULK_WORDS: [&str; 8] = [
    "BULK",
    "BATCH",
    "GAPS",
    "MASS PAYMENT",
    "MULTIPLE BENEFICIARIES",
    "MULTIPLE TRANSFER",
    "PAYMENT SCHEDULE",
    "SALARY SCHEDULE",
];

/// Words after which the payer is named, who is not the one we look for.
pub(super) const PAYER_WORDS: [&str; 4] = ["FROM", "FRM", "BY", "BO"];
