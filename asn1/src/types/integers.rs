//! The named INTEGERs of SGP.22 Annex H. Values of v3.1 have their names too, so that a trace can print them.

integer! {
    /// `RemoteOpId`, the remote operation of `InitialiseSecureChannelRequest` (SGP.22 §5.5.1).
    RemoteOpId {
        INSTALL_BOUND_PROFILE_PACKAGE = 1 "installBoundProfilePackage",
    }
}

integer! {
    /// `euiccCategory` of `EUICCInfo2`.
    EuiccCategory {
        OTHER = 0 "other",
        BASIC_EUICC = 1 "basicEuicc",
        MEDIUM_EUICC = 2 "mediumEuicc",
        CONTACTLESS_EUICC = 3 "contactlessEuicc",
    }
}

integer! {
    /// `IconType`: how the profile's icon is coded.
    IconType {
        JPG = 0 "jpg",
        PNG = 1 "png",
    }
}

integer! {
    /// `ProfileState`.
    ProfileState {
        DISABLED = 0 "disabled",
        ENABLED = 1 "enabled",
    }
}

integer! {
    /// `ProfileClass`; where metadata leaves it out, operational is meant.
    ProfileClass {
        TEST = 0 "test",
        PROVISIONING = 1 "provisioning",
        OPERATIONAL = 2 "operational",
    }
}

integer! {
    /// `EuiccFormFactorType` of the device capabilities.
    EuiccFormFactorType {
        REMOVABLE_EUICC = 0 "removableEuicc",
        NON_REMOVABLE_EUICC = 1 "nonRemovableEuicc",
    }
}

integer! {
    /// `BppCommandId`: the command during which an installation failed (SGP.22 §2.5.6).
    BppCommandId {
        INITIALISE_SECURE_CHANNEL = 0 "initialiseSecureChannel",
        CONFIGURE_ISDP = 1 "configureISDP",
        STORE_METADATA = 2 "storeMetadata",
        STORE_METADATA_2 = 3 "storeMetadata2",
        REPLACE_SESSION_KEYS = 4 "replaceSessionKeys",
        LOAD_PROFILE_ELEMENTS = 5 "loadProfileElements",
    }
}

integer! {
    /// `ErrorReason`: why an installation failed (SGP.22 §2.5.6). From 17 on added by v3.
    ErrorReason {
        INCORRECT_INPUT_VALUES = 1 "incorrectInputValues",
        INVALID_SIGNATURE = 2 "invalidSignature",
        INVALID_TRANSACTION_ID = 3 "invalidTransactionId",
        UNSUPPORTED_CRT_VALUES = 4 "unsupportedCrtValues",
        UNSUPPORTED_REMOTE_OPERATION_TYPE = 5 "unsupportedRemoteOperationType",
        UNSUPPORTED_PROFILE_CLASS = 6 "unsupportedProfileClass",
        SCP03T_STRUCTURE_ERROR = 7 "scp03tStructureError",
        SCP03T_SECURITY_ERROR = 8 "scp03tSecurityError",
        INSTALL_FAILED_DUE_TO_ICCID_ALREADY_EXISTS_ON_EUICC = 9 "installFailedDueToIccidAlreadyExistsOnEuicc",
        INSTALL_FAILED_DUE_TO_INSUFFICIENT_MEMORY_FOR_PROFILE = 10 "installFailedDueToInsufficientMemoryForProfile",
        INSTALL_FAILED_DUE_TO_INTERRUPTION = 11 "installFailedDueToInterruption",
        INSTALL_FAILED_DUE_TO_PE_PROCESSING_ERROR = 12 "installFailedDueToPEProcessingError",
        INSTALL_FAILED_DUE_TO_DATA_MISMATCH = 13 "installFailedDueToDataMismatch",
        TEST_PROFILE_INSTALL_FAILED_DUE_TO_INVALID_NAA_KEY = 14 "testProfileInstallFailedDueToInvalidNaaKey",
        PPR_NOT_ALLOWED = 15 "pprNotAllowed",
        ENTERPRISE_PROFILES_NOT_SUPPORTED = 17 "enterpriseProfilesNotSupported",
        ENTERPRISE_RULES_NOT_ALLOWED = 18 "enterpriseRulesNotAllowed",
        ENTERPRISE_PROFILE_NOT_ALLOWED = 19 "enterpriseProfileNotAllowed",
        ENTERPRISE_OID_MISMATCH = 20 "enterpriseOidMismatch",
        ENTERPRISE_RULES_ERROR = 21 "enterpriseRulesError",
        ENTERPRISE_PROFILES_ONLY = 22 "enterpriseProfilesOnly",
        LPR_NOT_SUPPORTED = 23 "lprNotSupported",
        UNKNOWN_TLV_IN_METADATA = 26 "unknownTlvInMetadata",
        INSTALL_FAILED_DUE_TO_UNKNOWN_ERROR = 127 "installFailedDueToUnknownError",
    }
}

integer! {
    /// `DownloadErrorCode`: why the eUICC refused PrepareDownload (SGP.22 §5.7.5).
    DownloadErrorCode {
        INVALID_CERTIFICATE = 1 "invalidCertificate",
        INVALID_SIGNATURE = 2 "invalidSignature",
        UNSUPPORTED_CURVE = 3 "unsupportedCurve",
        NO_SESSION_CONTEXT = 4 "noSessionContext",
        INVALID_TRANSACTION_ID = 5 "invalidTransactionId",
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}

integer! {
    /// `AuthenticateErrorCode`: why the eUICC refused AuthenticateServer (SGP.22 §5.7.13). 8 to 14 added by v3.
    AuthenticateErrorCode {
        INVALID_CERTIFICATE = 1 "invalidCertificate",
        INVALID_SIGNATURE = 2 "invalidSignature",
        UNSUPPORTED_CURVE = 3 "unsupportedCurve",
        NO_SESSION_CONTEXT = 4 "noSessionContext",
        INVALID_OID = 5 "invalidOid",
        EUICC_CHALLENGE_MISMATCH = 6 "euiccChallengeMismatch",
        CI_PK_UNKNOWN = 7 "ciPKUnknown",
        TRANSACTION_ID_ERROR = 8 "transactionIdError",
        MISSING_CRL = 9 "missingCrl",
        INVALID_CRL_SIGNATURE = 10 "invalidCrlSignature",
        REVOKED_CERT = 11 "revokedCert",
        INVALID_CERT_OR_CRL_TIME = 12 "invalidCertOrCrlTime",
        INVALID_CERT_OR_CRL_CONFIGURATION = 13 "invalidCertOrCrlConfiguration",
        INVALID_ICCID = 14 "invalidIccid",
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}

integer! {
    /// `CancelSessionReason` (SGP.22 §5.7.14). From 16 on added by v3.
    CancelSessionReason {
        END_USER_REJECTION = 0 "endUserRejection",
        POSTPONED = 1 "postponed",
        TIMEOUT = 2 "timeout",
        PPR_NOT_ALLOWED = 3 "pprNotAllowed",
        METADATA_MISMATCH = 4 "metadataMismatch",
        LOAD_BPP_EXECUTION_ERROR = 5 "loadBppExecutionError",
        SESSION_ABORTED = 16 "sessionAborted",
        ENTERPRISE_PROFILES_NOT_SUPPORTED = 17 "enterpriseProfilesNotSupported",
        ENTERPRISE_RULES_NOT_ALLOWED = 18 "enterpriseRulesNotAllowed",
        ENTERPRISE_PROFILE_NOT_ALLOWED = 19 "enterpriseProfileNotAllowed",
        ENTERPRISE_OID_MISMATCH = 20 "enterpriseOidMismatch",
        ENTERPRISE_RULES_ERROR = 21 "enterpriseRulesError",
        ENTERPRISE_PROFILES_ONLY = 22 "enterpriseProfilesOnly",
        LPR_NOT_SUPPORTED = 23 "lprNotSupported",
        LPR_NETWORK_DATA_NOT_ALLOWED = 24 "lprNetworkDataNotAllowed",
        EMPTY_PROFILE_OR_SP_NAME = 25 "emptyProfileOrSpName",
        RPM_DISABLED = 27 "rpmDisabled",
        INVALID_RPM_PACKAGE = 28 "invalidRpmPackage",
        LOAD_RPM_PACKAGE_ERROR = 29 "loadRpmPackageError",
        OPERATION_ABANDONED = 30 "operationAbandoned",
        UNDEFINED_REASON = 127 "undefinedReason",
    }
}

integer! {
    /// Why the eUICC refused CancelSession (SGP.22 §5.7.14).
    CancelSessionResponseError {
        INVALID_TRANSACTION_ID = 5 "invalidTransactionId",
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}

integer! {
    /// Why the eUICC refused ListNotification (SGP.22 §5.7.9).
    ListNotificationError {
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}

integer! {
    /// Why the eUICC refused RetrieveNotificationsList (SGP.22 §5.7.10). v2.1 cards say 1 where v2.2 has an empty list.
    NotificationsListError {
        NO_RESULT_AVAILABLE = 1 "noResultAvailable",
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}

integer! {
    /// Result of RemoveNotificationFromList (SGP.22 §5.7.11).
    DeleteNotificationStatus {
        OK = 0 "ok",
        NOTHING_TO_DELETE = 1 "nothingToDelete",
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}

integer! {
    /// Why the eUICC refused LoadCRL (SGP.22 §5.7.12).
    LoadCrlError {
        INVALID_SIGNATURE = 1 "invalidSignature",
        INVALID_CRL_FORMAT = 2 "invalidCRLFormat",
        NOT_ENOUGH_MEMORY_SPACE = 3 "notEnoughMemorySpace",
        VERIFICATION_KEY_NOT_FOUND = 4 "verificationKeyNotFound",
        FRESHER_CRL_ALREADY_LOADED = 5 "fresherCrlAlreadyLoaded",
        BASE_CRL_MISSING = 6 "baseCrlMissing",
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}

integer! {
    /// Why the eUICC refused GetProfilesInfo (SGP.22 §5.7.15). 11 added by v3.
    ProfileInfoListError {
        INCORRECT_INPUT_VALUES = 1 "incorrectInputValues",
        PROFILE_CHANGE_ONGOING = 11 "profileChangeOngoing",
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}

integer! {
    /// Result of EnableProfile (SGP.22 §5.7.16). 6 to 10 added by v3.
    EnableResult {
        OK = 0 "ok",
        ICCID_OR_AID_NOT_FOUND = 1 "iccidOrAidNotFound",
        PROFILE_NOT_IN_DISABLED_STATE = 2 "profileNotInDisabledState",
        DISALLOWED_BY_POLICY = 3 "disallowedByPolicy",
        WRONG_PROFILE_REENABLING = 4 "wrongProfileReenabling",
        CAT_BUSY = 5 "catBusy",
        DISALLOWED_BY_ENTERPRISE_RULE = 6 "disallowedByEnterpriseRule",
        COMMAND_ERROR = 7 "commandError",
        DISALLOWED_FOR_RPM = 9 "disallowedForRpm",
        NO_ESIM_PORT_AVAILABLE = 10 "noEsimPortAvailable",
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}

integer! {
    /// Result of DisableProfile (SGP.22 §5.7.17). 6 to 9 added by v3.
    DisableResult {
        OK = 0 "ok",
        ICCID_OR_AID_NOT_FOUND = 1 "iccidOrAidNotFound",
        PROFILE_NOT_IN_ENABLED_STATE = 2 "profileNotInEnabledState",
        DISALLOWED_BY_POLICY = 3 "disallowedByPolicy",
        CAT_BUSY = 5 "catBusy",
        DISALLOWED_BY_ENTERPRISE_RULE = 6 "disallowedByEnterpriseRule",
        COMMAND_ERROR = 7 "commandError",
        DISALLOWED_FOR_RPM = 9 "disallowedForRpm",
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}

integer! {
    /// Result of DeleteProfile (SGP.22 §5.7.18). 4 and 7 added by v3.
    DeleteResult {
        OK = 0 "ok",
        ICCID_OR_AID_NOT_FOUND = 1 "iccidOrAidNotFound",
        PROFILE_NOT_IN_DISABLED_STATE = 2 "profileNotInDisabledState",
        DISALLOWED_BY_POLICY = 3 "disallowedByPolicy",
        DISALLOWED_IN_TEST_MODE = 4 "disallowedInTestMode",
        COMMAND_ERROR = 7 "commandError",
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}

integer! {
    /// Result of eUICCMemoryReset (SGP.22 §5.7.19).
    ResetResult {
        OK = 0 "ok",
        NOTHING_TO_DELETE = 1 "nothingToDelete",
        CAT_BUSY = 5 "catBusy",
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}

integer! {
    /// Result of SetNickname (SGP.22 §5.7.21).
    SetNicknameResult {
        OK = 0 "ok",
        ICCID_NOT_FOUND = 1 "iccidNotFound",
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}

integer! {
    /// Result of SetDefaultDpAddress (SGP.22 §5.7.4). 8 added by v3.
    SetDefaultDpAddressResult {
        OK = 0 "ok",
        UNSUPPORTED_CI_PK_ID = 8 "unsupportedCiPKId",
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}

integer! {
    /// Result of LpaeActivation (SGP.22 §5.7.1).
    LpaeActivationResult {
        OK = 0 "ok",
        NOT_SUPPORTED = 1 "notSupported",
    }
}

integer! {
    /// Why the server refused InitiateAuthentication (SGP.22 §5.6.1). From 124 on added by v3.
    InitiateAuthenticationError {
        INVALID_DP_ADDRESS = 1 "invalidDpAddress",
        EUICC_VERSION_NOT_SUPPORTED_BY_DP = 2 "euiccVersionNotSupportedByDp",
        CI_PK_NOT_SUPPORTED = 3 "ciPKNotSupported",
        INVALID_INPUT_DATA = 124 "invalidInputData",
        MISSING_INPUT_DATA = 125 "missingInputData",
        FUNCTION_PROVIDER_BUSY = 126 "functionProviderBusy",
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}

integer! {
    /// Why the SM-DP+ refused AuthenticateClient (SGP.22 §5.6.3). 18 added by v2.6, 12 to 17 and 124 to 126 by v3.
    AuthenticateClientError {
        EUM_CERTIFICATE_INVALID = 1 "eumCertificateInvalid",
        EUM_CERTIFICATE_EXPIRED = 2 "eumCertificateExpired",
        EUICC_CERTIFICATE_INVALID = 3 "euiccCertificateInvalid",
        EUICC_CERTIFICATE_EXPIRED = 4 "euiccCertificateExpired",
        EUICC_SIGNATURE_INVALID = 5 "euiccSignatureInvalid",
        MATCHING_ID_REFUSED = 6 "matchingIdRefused",
        EID_MISMATCH = 7 "eidMismatch",
        NO_ELIGIBLE_PROFILE = 8 "noEligibleProfile",
        CI_PK_UNKNOWN = 9 "ciPKUnknown",
        INVALID_TRANSACTION_ID = 10 "invalidTransactionId",
        INSUFFICIENT_MEMORY = 11 "insufficientMemory",
        CI_PK_MISMATCH = 12 "ciPKMismatch",
        EUICC_RSP_CAPABILITY_HAS_CHANGED = 13 "euiccRspCapabilityHasChanged",
        LPA_RSP_CAPABILITY_HAS_CHANGED = 14 "lpaRspCapabilityHasChanged",
        DEVICE_CHANGE_NOT_SUPPORTED = 15 "deviceChangeNotSupported",
        DEVICE_CHANGE_NOT_ALLOWED = 16 "deviceChangeNotAllowed",
        ICCID_UNKNOWN = 17 "iccidUnknown",
        DOWNLOAD_ORDER_EXPIRED = 18 "downloadOrderExpired",
        INVALID_INPUT_DATA = 124 "invalidInputData",
        MISSING_INPUT_DATA = 125 "missingInputData",
        FUNCTION_PROVIDER_BUSY = 126 "functionProviderBusy",
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}

integer! {
    /// Why the SM-DS refused AuthenticateClient (SGP.22 §5.8.2).
    AuthenticateClientErrorEs11 {
        EUM_CERTIFICATE_INVALID = 1 "eumCertificateInvalid",
        EUM_CERTIFICATE_EXPIRED = 2 "eumCertificateExpired",
        EUICC_CERTIFICATE_INVALID = 3 "euiccCertificateInvalid",
        EUICC_CERTIFICATE_EXPIRED = 4 "euiccCertificateExpired",
        EUICC_SIGNATURE_INVALID = 5 "euiccSignatureInvalid",
        EVENT_ID_UNKNOWN = 6 "eventIdUnknown",
        INVALID_TRANSACTION_ID = 7 "invalidTransactionId",
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}

integer! {
    /// Why the SM-DP+ refused GetBoundProfilePackage (SGP.22 §5.6.2). v2.6 gave up 6.
    GetBoundProfilePackageError {
        EUICC_SIGNATURE_INVALID = 1 "euiccSignatureInvalid",
        CONFIRMATION_CODE_MISSING = 2 "confirmationCodeMissing",
        CONFIRMATION_CODE_REFUSED = 3 "confirmationCodeRefused",
        CONFIRMATION_CODE_RETRIES_EXCEEDED = 4 "confirmationCodeRetriesExceeded",
        BPP_REBINDING_REFUSED = 5 "bppRebindingRefused",
        DOWNLOAD_ORDER_EXPIRED = 6 "downloadOrderExpired",
        INVALID_TRANSACTION_ID = 95 "invalidTransactionId",
        INVALID_INPUT_DATA = 124 "invalidInputData",
        MISSING_INPUT_DATA = 125 "missingInputData",
        FUNCTION_PROVIDER_BUSY = 126 "functionProviderBusy",
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}

integer! {
    /// Why the server refused CancelSession (SGP.22 §5.6.5).
    CancelSessionError {
        INVALID_TRANSACTION_ID = 1 "invalidTransactionId",
        EUICC_SIGNATURE_INVALID = 2 "euiccSignatureInvalid",
        UNDEFINED_ERROR = 127 "undefinedError",
    }
}
