//! The named BIT STRINGs of SGP.22 Annex H, v3.1 names included.

named_bits! {
    /// `RspCapability` of `EUICCInfo2` (`EuiccRspCapability` since v3). 4 since v2.2.2, 5 since v2.4, from 6 on v3.
    RspCapability {
        ADDITIONAL_PROFILE = 0 "additionalProfile",
        CRL_SUPPORT = 1 "crlSupport",
        RPM_SUPPORT = 2 "rpmSupport",
        TEST_PROFILE_SUPPORT = 3 "testProfileSupport",
        DEVICE_INFO_EXTENSIBILITY_SUPPORT = 4 "deviceInfoExtensibilitySupport",
        SERVICE_SPECIFIC_DATA_SUPPORT = 5 "serviceSpecificDataSupport",
        HRI_SERVER_ADDRESS_SUPPORT = 6 "hriServerAddressSupport",
        SERVICE_PROVIDER_MESSAGE_SUPPORT = 7 "serviceProviderMessageSupport",
        LPA_PROXY_SUPPORT = 8 "lpaProxySupport",
        ENTERPRISE_PROFILES_SUPPORT = 9 "enterpriseProfilesSupport",
        SERVICE_DESCRIPTION_SUPPORT = 10 "serviceDescriptionSupport",
        DEVICE_CHANGE_SUPPORT = 11 "deviceChangeSupport",
        ENCRYPTED_DEVICE_CHANGE_DATA_SUPPORT = 12 "encryptedDeviceChangeDataSupport",
        ESTIMATED_PROFILE_SIZE_INDICATION_SUPPORT = 13 "estimatedProfileSizeIndicationSupport",
        PROFILE_SIZE_IN_PROFILES_INFO_SUPPORT = 14 "profileSizeInProfilesInfoSupport",
        CRL_STAPLING_V3_SUPPORT = 15 "crlStaplingV3Support",
        CERT_CHAIN_V3_VERIFICATION_SUPPORT = 16 "certChainV3VerificationSupport",
        SIGNED_SMDS_RESPONSE_V3_SUPPORT = 17 "signedSmdsResponseV3Support",
        EUICC_RSP_CAP_IN_INFO1 = 18 "euiccRspCapInInfo1",
        OS_UPDATE_SUPPORT = 19 "osUpdateSupport",
        CANCEL_FOR_EMPTY_SPN_PN_SUPPORT = 20 "cancelForEmptySpnPnSupport",
        UPDATE_NOTIF_CONFIG_INFO_SUPPORT = 21 "updateNotifConfigInfoSupport",
        UPDATE_METADATA_V3_SUPPORT = 22 "updateMetadataV3Support",
        V3_OBJECTS_IN_CTX_PARAMS_CA_SUPPORT = 23 "v3ObjectsInCtxParamsCASupport",
        PUSH_SERVICE_REGISTRATION_SUPPORT = 24 "pushServiceRegistrationSupport",
    }
}

named_bits! {
    /// `UICCCapability` of `EUICCInfo2`: the services of the TCA profile package the eUICC supports.
    UiccCapability {
        CONTACTLESS_SUPPORT = 0 "contactlessSupport",
        USIM_SUPPORT = 1 "usimSupport",
        ISIM_SUPPORT = 2 "isimSupport",
        CSIM_SUPPORT = 3 "csimSupport",
        AKA_MILENAGE = 4 "akaMilenage",
        AKA_CAVE = 5 "akaCave",
        AKA_TUAK128 = 6 "akaTuak128",
        AKA_TUAK256 = 7 "akaTuak256",
        USIM_TEST_ALGORITHM = 8 "usimTestAlgorithm",
        RFU2 = 9 "rfu2",
        GBA_AUTHEN_USIM = 10 "gbaAuthenUsim",
        GBA_AUTHEN_ISIM = 11 "gbaAuthenISim",
        MBMS_AUTHEN_USIM = 12 "mbmsAuthenUsim",
        EAP_CLIENT = 13 "eapClient",
        JAVACARD = 14 "javacard",
        MULTOS = 15 "multos",
        MULTIPLE_USIM_SUPPORT = 16 "multipleUsimSupport",
        MULTIPLE_ISIM_SUPPORT = 17 "multipleIsimSupport",
        MULTIPLE_CSIM_SUPPORT = 18 "multipleCsimSupport",
        BER_TLV_FILE_SUPPORT = 19 "berTlvFileSupport",
        DF_LINK_SUPPORT = 20 "dfLinkSupport",
        CAT_TP = 21 "catTp",
        GET_IDENTITY = 22 "getIdentity",
        PROFILE_A_X25519 = 23 "profileAX25519",
        PROFILE_B_P256 = 24 "profileBP256",
        SUCI_CALCULATOR_API = 25 "suciCalculatorApi",
        DNS_RESOLUTION = 26 "dnsResolution",
        SCP11AC = 27 "scp11ac",
        SCP11C_AUTHORIZATION_MECHANISM = 28 "scp11cAuthorizationMechanism",
        S16MODE = 29 "s16mode",
        EAKA = 30 "eaka",
        IOTMINIMAL = 31 "iotminimal",
    }
}

named_bits! {
    /// `PprIds`: profile policy rules (SGP.22 §2.9.2).
    PprIds {
        PPR_UPDATE_CONTROL = 0 "pprUpdateControl",
        PPR1 = 1 "ppr1",
        PPR2 = 2 "ppr2",
    }
}

named_bits! {
    /// `NotificationEvent`: profile management operations. From 4 on added by v3.
    NotificationEvent {
        INSTALL = 0 "notificationInstall",
        ENABLE = 1 "notificationEnable",
        DISABLE = 2 "notificationDisable",
        DELETE = 3 "notificationDelete",
        RPM_ENABLE = 4 "notificationRpmEnable",
        RPM_DISABLE = 5 "notificationRpmDisable",
        RPM_DELETE = 6 "notificationRpmDelete",
        LOAD_RPM_PACKAGE_RESULT = 7 "loadRpmPackageResult",
    }
}

named_bits! {
    /// `treProperties` of `EUICCInfo2` (since v2.4).
    TreProperties {
        IS_DISCRETE = 0 "isDiscrete",
        IS_INTEGRATED = 1 "isIntegrated",
        USES_REMOTE_MEMORY = 2 "usesRemoteMemory",
    }
}

named_bits! {
    /// `lpaeSupport` of the ISD-R's proprietary application template (`euiccConfiguration` since v3, which added 2 and 3).
    LpaeSupport {
        LPAE_USING_CAT = 0 "lpaeUsingCat",
        LPAE_USING_SCWS = 1 "lpaeUsingScws",
        ENABLED_PROFILE = 2 "enabledProfile",
        LPAE_USING_E4E = 3 "lpaeUsingE4E",
    }
}

named_bits! {
    /// `lpaeOption` of LpaeActivation (SGP.22 §5.7.1).
    LpaeOption {
        ACTIVATE_CAT_BASED_LPAE = 0 "activateCatBasedLpae",
        ACTIVATE_SCWS_BASED_LPAE = 1 "activateScwsBasedLpae",
    }
}

named_bits! {
    /// `resetOptions` of eUICCMemoryReset (SGP.22 §5.7.19). 3 and 4 added by v3.
    ResetOptions {
        DELETE_OPERATIONAL_PROFILES = 0 "deleteOperationalProfiles",
        DELETE_FIELD_LOADED_TEST_PROFILES = 1 "deleteFieldLoadedTestProfiles",
        RESET_DEFAULT_SMDP_ADDRESS = 2 "resetDefaultSmdpAddress",
        DELETE_PRE_LOADED_TEST_PROFILES = 3 "deletePreLoadedTestProfiles",
        DELETE_PROVISIONING_PROFILES = 4 "deleteProvisioningProfiles",
    }
}

named_bits! {
    /// `pprFlags` of a rule of the RAT.
    PprFlags {
        CONSENT_REQUIRED = 0 "consentRequired",
    }
}

named_bits! {
    /// `CatSupportedClasses`: letter classes of the card application toolkit (TS 102 223); a is bit 0.
    CatSupportedClasses {
        A = 0 "a",
        B = 1 "b",
        C = 2 "c",
        D = 3 "d",
        E = 4 "e",
        F = 5 "f",
        G = 6 "g",
        H = 7 "h",
        I = 8 "i",
        J = 9 "j",
        K = 10 "k",
        L = 11 "l",
        M = 12 "m",
        N = 13 "n",
        O = 14 "o",
        P = 15 "p",
        Q = 16 "q",
        R = 17 "r",
        S = 18 "s",
        T = 19 "t",
        U = 20 "u",
        V = 21 "v",
        W = 22 "w",
        X = 23 "x",
        Y = 24 "y",
        Z = 25 "z",
    }
}
