using Iced.Intel;

namespace Provenance.Runtime.Analysis;

/// <summary>One instruction as the paths through a function see it, whatever machine it is of.</summary>
/// <param name="IP">Where it stands.</param>
/// <param name="FlowControl">In Iced's words, which fit every machine.</param>
/// <param name="NearBranchTarget">Of a call or jump to a fixed place; 0 for none.</param>
/// <param name="Features">What it asks for.</param>
/// <param name="AsksProcessor">It brings an answer of the processor's by itself.</param>
/// <param name="Operand">The memory that it names, or the address that it takes; 0 for none.</param>
internal readonly record struct CodeStep(
    ulong IP, FlowControl FlowControl, ulong NearBranchTarget, ulong Features, bool AsksProcessor, ulong Operand)
{
    internal bool IsNear => NearBranchTarget != 0;
}
