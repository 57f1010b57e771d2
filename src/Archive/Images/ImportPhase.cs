namespace Provenance.Archive.Images;

/// <summary>What an import is doing.</summary>
public enum ImportPhase
{
    /// <summary>A source that has to be read twice is being put where that is possible.</summary>
    Spooling,

    /// <summary>Layers are read, checked, kept and unpacked.</summary>
    Layers,

    /// <summary>All was read; it is being made durable.</summary>
    Finishing,
}
