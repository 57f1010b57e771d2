namespace Provenance.Runtime.Observing;

/// <summary>The first byte of an event between <see cref="EventWriter"/> and <see cref="EventReader"/>.</summary>
internal enum EventTag : byte
{
    FileTouched = 1,
    FileRenamed = 2,
    ProgramStarted = 3,
    ProcessStarted = 4,
    PeerContacted = 5,
    NameAsked = 6,
    CallNoted = 7,
    ObservedLoss = 8,
}
