namespace Provenance.Runtime.Recording;

/// <summary>Decides what a request leaves open.</summary>
public static class JobPlanner
{
    /// <exception cref="BindException">A bind cannot be made.</exception>
    /// <exception cref="Sandbox.SandboxException">The image has no such user, or there is nothing to run.</exception>
    public static JobPlan Plan(JobRequest request, JobSurroundings surroundings)
    {
        _ = surroundings;
        throw new RecordingException($"plan '{request.Reference}': not built yet");
    }
}
