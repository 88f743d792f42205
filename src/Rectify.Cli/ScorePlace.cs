using Rectify.Data;
using Rectify.Evaluation;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Cli;

/// <summary>From what a user writes as a file of scores, or as a run that holds one, to the table.</summary>
internal static class ScorePlace
{
    private const string FileExtension = ".safetensors";
    private const int FilesInMessage = 8;

    /// <summary>Loads scores.</summary>
    /// <param name="given">A file, or a run in whose folder scores/ there is exactly one.</param>
    /// <exception cref="RectifyException">There is no such file, it is damaged, or the run holds none or several.</exception>
    public static ScoreMember Load(string given)
    {
        string path = Find(given);
        return new ScoreMember(given, ScoreFile.Load(path));
    }

    /// <summary>What the classes of a file are called by people: synset_words.txt beside it or, where it lies in a run's folder, the run's.</summary>
    public static IReadOnlyDictionary<string, string> WordsOf(string given)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(Find(given)))!;
        return ClassWords.Read(Path.Combine(folder, ClassWords.FileName)) is { Count: > 0 } beside ? beside : ClassWords.Read(Path.Combine(folder, "..", ClassWords.FileName));
    }

    private static string Find(string given)
    {
        if (File.Exists(given) || given.EndsWith(FileExtension, StringComparison.Ordinal))
        {
            return given;
        }

        RunFolder run = RunFolder.Open(given);
        string[] files = Directory.Exists(run.ScoresPath)
            ? [.. Directory.EnumerateFiles(run.ScoresPath, "*" + ScoreFile.Extension).Order(StringComparer.Ordinal)]
            : [];
        return files switch
        {
            [var one] => one,
            [] => throw new RectifyException($"The run {run.Name} holds no scores; make some with: rectify evaluate --run {run.Name} --save-scores"),
            _ => throw new RectifyException($"The run {run.Name} holds {files.Length} files of scores; name one: "
                + $"{string.Join(", ", files.Take(FilesInMessage))}{(files.Length > FilesInMessage ? ", …" : "")}."),
        };
    }
}
