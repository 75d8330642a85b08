//! Words of the emergency database.

words! {
    /// What a resource is.
    ResourceKind {
        /// A technical expert (专家).
        Expert: "expert" = "kind-expert",
        /// A team that can be called (应急队伍).
        Team: "team" = "kind-team",
        /// Network and communication resources (网络与通信资源).
        Network: "network" = "kind-network",
        /// A computer (计算机).
        Computer: "computer" = "kind-computer",
        /// A network device (网络设备).
        NetworkDevice: "network-device" = "kind-network-device",
        /// A security device (安全设备).
        SecurityDevice: "security-device" = "kind-security-device",
        /// Software (软件).
        Software: "software" = "kind-software",
        /// Other equipment, tools and vehicles in reserve (物资).
        Material: "material" = "kind-material",
        /// A past case of handling (处置案例).
        Case: "case" = "kind-case",
        /// A solution that is known (解决方案).
        Solution: "solution" = "kind-solution",
    }
}

words! {
    /// A field of expertise.
    Expertise {
        /// Information security (信息安全).
        InformationSecurity: "information-security" = "field-information-security",
        /// Networks (网络).
        Network: "network" = "field-network",
        /// Information systems (信息系统).
        InformationSystem: "information-system" = "field-information-system",
        /// Another technical field (其他).
        Other: "other" = "field-other",
    }
}

words! {
    /// Whether a resource can be had.
    Standing {
        /// It can be had (可用).
        Available: "available" = "standing-available",
        /// It is at work somewhere (使用中).
        InUse: "in-use" = "standing-in-use",
        /// It cannot be used (停用).
        OutOfService: "out-of-service" = "standing-out-of-service",
    }
}
